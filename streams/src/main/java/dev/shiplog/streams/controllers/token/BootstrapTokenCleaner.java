package dev.shiplog.streams.controllers.token;

import static dev.shiplog.streams.kit.ResourceTypes.SECRETS;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.TokenSecret;
import dev.shiplog.streams.kit.Views;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Deletes bootstrap tokens that have expired. One whose expiration cannot be read is as good as
 * expired; one without any stays.
 */
public final class BootstrapTokenCleaner implements Controller {

  static final String NAMESPACE = "kube-system";

  @Override
  public String name() {
    return "token-cleaner-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:token-cleaner";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(Source.primary(SECRETS));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(SECRETS).inNamespace(NAMESPACE).stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Optional<TokenSecret> token =
        views
            .of(SECRETS)
            .get(key)
            .filter(secret -> ObjectKeys.namespaceOf(key).equals(NAMESPACE))
            .filter(secret -> secret.getType().equals(TokenSecret.BOOTSTRAP_TOKEN));
    Optional<Instant> end = token.flatMap(BootstrapTokenCleaner::expiration);
    if (end.isEmpty()) {
      return Reconciliation.nothing();
    }
    return end.get().isAfter(now)
        ? Reconciliation.after(Duration.between(now, end.get()))
        : Reconciliation.of(Commands.delete(SECRETS, token.get()));
  }

  static Optional<Instant> expiration(TokenSecret token) {
    return token
        .part("expiration")
        .map(text -> {
          try {
            return OffsetDateTime.parse(text).toInstant();
          } catch (DateTimeException unreadable) {
            return Instant.EPOCH;
          }
        });
  }
}
