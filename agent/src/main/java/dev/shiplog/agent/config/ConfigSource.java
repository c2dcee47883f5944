package dev.shiplog.agent.config;

import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.cluster.ClusterUnavailableException;
import dev.shiplog.agent.time.Timers;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * ConfigMaps and Secrets by name, as they were a second ago or later. Many pods that start together
 * share what they refer to, and the server is asked once for it. What is missing is asked for every
 * time, so that a pod that waits for it goes on as soon as it is there.
 *
 * <p>The cluster's own certificates are kept for longer: every pod has them, they change hardly
 * ever, and volumes that hold them are brought up to date.
 *
 * <p>Blocks, and throws as {@link ClusterClient} does. Safe for use by many threads; the map is
 * guarded by this.
 */
public final class ConfigSource {

  private static final Duration MAX_AGE = Duration.ofSeconds(1);
  private static final Duration MAX_AGE_OF_CERTIFICATES = Duration.ofMinutes(1);
  private static final String CERTIFICATES = "kube-root-ca.crt";
  private static final int MAX_KEPT = 256;

  private final ClusterClient cluster;
  private final Timers timers;
  private final Map<String, Asked<?>> asked = new LinkedHashMap<>();

  public ConfigSource(ClusterClient cluster, Timers timers) {
    this.cluster = cluster;
    this.timers = timers;
  }

  /**
   * A question to the server.
   *
   * @param answer empty where there is none or it is not known
   */
  private record Asked<T>(Instant until, CompletableFuture<Optional<T>> answer) {}

  public Optional<ConfigMap> configMap(String namespace, String name) {
    return recent(
        "configmap/" + namespace + "/" + name,
        name.equals(CERTIFICATES) ? MAX_AGE_OF_CERTIFICATES : MAX_AGE,
        () -> cluster.configMap(namespace, name));
  }

  public Optional<Secret> secret(String namespace, String name) {
    return recent(
        "secret/" + namespace + "/" + name, MAX_AGE, () -> cluster.secret(namespace, name));
  }

  @SuppressWarnings("unchecked") // under a key there are answers of one type
  private <T> Optional<T> recent(String key, Duration age, Supplier<Optional<T>> fetch) {
    Asked<T> own = new Asked<>(timers.steady().plus(age), new CompletableFuture<>());
    Asked<T> first = (Asked<T>) firstToAsk(key, own);
    if (first.equals(own)) {
      return ask(key, own, fetch);
    }
    Optional<T> others = await(first.answer());
    return others.isPresent() ? others : fetch.get();
  }

  private <T> Optional<T> ask(String key, Asked<T> own, Supplier<Optional<T>> fetch) {
    Optional<T> fetched = Optional.empty();
    try {
      fetched = fetch.get();
      return fetched;
    } finally {
      if (fetched.isEmpty()) {
        forget(key, own);
      }
      own.answer().complete(fetched);
    }
  }

  private static <T> Optional<T> await(CompletableFuture<Optional<T>> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterUnavailableException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized Asked<?> firstToAsk(String key, Asked<?> own) {
    Instant now = timers.steady();
    asked.values().removeIf(each -> !now.isBefore(each.until()));
    Asked<?> known = asked.get(key);
    if (known != null) {
      return known;
    }
    if (asked.size() < MAX_KEPT) {
      asked.put(key, own);
    }
    return own;
  }

  private synchronized void forget(String key, Asked<?> own) {
    asked.remove(key, own);
  }
}
