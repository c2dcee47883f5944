package dev.shiplog.api.access.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.remote.Remote;
import dev.shiplog.api.remote.Trust;
import dev.shiplog.api.remote.Webhooks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/**
 * The keys of an issuer, found by its discovery document. They are fetched when they are needed,
 * and again when a token names a key that is not among them, but not more often than every ten
 * seconds then. What was fetched stays where a later fetch fails. Any thread.
 */
final class IssuerKeys {

  private static final Logger LOG = Logger.getLogger(IssuerKeys.class);
  private static final Duration AT_MOST = Duration.ofSeconds(5);
  private static final Duration SELDOM = Duration.ofSeconds(10);

  /** Keys that an issuer has withdrawn must not be believed for ever. */
  private static final Duration GOOD_FOR = Duration.ofHours(1);

  private final AuthenticationConfiguration.Issuer issuer;
  private final Trust trust;
  private final Webhooks servers;
  private final InstantSource clock;

  private volatile List<JsonWebKey> keys = List.of();
  private Instant tried = Instant.MIN;
  private Instant fetched = Instant.MIN;
  private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);

  IssuerKeys(AuthenticationConfiguration.Issuer issuer, Webhooks servers, InstantSource clock) {
    this.issuer = issuer;
    this.trust = new Trust(AuthenticationConfiguration.text(issuer.certificateAuthority()), false);
    this.servers = servers;
    this.clock = clock;
  }

  /** Those that are known. */
  List<JsonWebKey> known() {
    return keys;
  }

  /** Whether one of them has this name; a token without a name may be signed by any. */
  boolean has(String id) {
    return id == null ? !keys.isEmpty() : keys.stream().anyMatch(key -> id.equals(key.getKeyId()));
  }

  /** Whether they were fetched so long ago that they should be fetched again. */
  synchronized boolean areOld() {
    return fetched.equals(Instant.MIN) || clock.instant().isAfter(fetched.plus(GOOD_FOR));
  }

  /**
   * Fetches them, unless that was just tried; completes when it was, whatever came of it.
   *
   * @return done already if nothing is fetched
   */
  synchronized CompletableFuture<Void> refresh() {
    Instant now = clock.instant();
    if (!underWay.isDone() || now.isBefore(after(tried))) {
      return underWay;
    }
    tried = now;
    underWay =
        fetch()
            .handle((found, failed) -> {
              if (failed == null) {
                keep(found);
              } else {
                LOG.warnf("The keys of %s cannot be had: %s", issuer.url(), reason(failed));
              }
              return null;
            });
    return underWay;
  }

  private static Instant after(Instant tried) {
    return tried.equals(Instant.MIN) ? tried : tried.plus(SELDOM);
  }

  private synchronized void keep(List<JsonWebKey> found) {
    keys = List.copyOf(found);
    fetched = clock.instant();
  }

  private CompletableFuture<List<JsonWebKey>> fetch() {
    Remote discovery = Remote.ofUrl(issuer.discovery(), trust);
    return servers
        .get(discovery, discovery.path(), AT_MOST)
        .thenCompose(document -> {
          String said = document.path("issuer").asText();
          String at = document.path("jwks_uri").asText();
          if (!said.equals(issuer.url()) || !at.startsWith("https://")) {
            return CompletableFuture.failedFuture(
                new IOException("its discovery document is of " + said + ", with keys at " + at));
          }
          Remote keySet = Remote.ofUrl(at, trust);
          return servers.get(keySet, keySet.path(), AT_MOST);
        })
        .thenApply(IssuerKeys::parse);
  }

  private static List<JsonWebKey> parse(JsonNode set) {
    try {
      return new JsonWebKeySet(set.toString())
          .getJsonWebKeys().stream().filter(key -> !"enc".equals(key.getUse())).toList();
    } catch (JoseException e) {
      throw new IllegalStateException("its key set is none: " + e.getMessage(), e);
    }
  }

  private static String reason(Throwable failed) {
    return failed.getCause() == null ? failed.getMessage() : failed.getCause().getMessage();
  }
}
