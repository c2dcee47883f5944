package dev.shiplog.streams.controllers.token;

import static dev.shiplog.streams.kit.ResourceTypes.SECRETS;
import static dev.shiplog.streams.kit.ResourceTypes.SERVICE_ACCOUNTS;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.TokenSecret;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deletes the token Secrets of service accounts that are gone, or were made anew. */
public final class AccountTokenCleaner implements Controller {

  private static final String NAME = "kubernetes.io/service-account.name";
  private static final String UID = "kubernetes.io/service-account.uid";

  private static final Index<TokenSecret> BY_ACCOUNT =
      new Index<>(
          SECRETS, "service-account", secret -> account(secret).map(List::of).orElse(List.of()));

  @Override
  public String name() {
    return "serviceaccount-token-controller";
  }

  @Override
  public String actor() {
    return "system:kube-controller-manager";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(SERVICE_ACCOUNTS),
        Source.mapped(
            SECRETS, (change, views) -> account(change.latest()).map(List::of).orElse(List.of())));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(BY_ACCOUNT);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(SECRETS).all().stream()
        .flatMap(secret -> account(secret).stream())
        .distinct()
        .toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Optional<ServiceAccount> account = views.of(SERVICE_ACCOUNTS).get(key);
    return Reconciliation.of(
        views.of(SECRETS).find(BY_ACCOUNT, key).stream()
            .filter(secret -> !belongs(secret, account))
            .map(secret -> Commands.delete(SECRETS, secret))
            .toList());
  }

  /** A Secret that does not name a uid yet belongs to the account of its name. */
  private static boolean belongs(TokenSecret secret, Optional<ServiceAccount> account) {
    String uid = secret.getMetadata().getAnnotations().get(UID);
    return account
        .filter(it -> uid == null || uid.isEmpty() || uid.equals(it.getMetadata().getUid()))
        .isPresent();
  }

  private static Optional<String> account(TokenSecret secret) {
    Map<String, String> annotations = secret.getMetadata().getAnnotations();
    return secret.getType().equals(TokenSecret.SERVICE_ACCOUNT_TOKEN) && annotations != null
        ? Optional.ofNullable(annotations.get(NAME))
            .map(name -> ObjectKeys.key(secret.getMetadata().getNamespace(), name))
        : Optional.empty();
  }
}
