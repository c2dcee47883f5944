package dev.shiplog.agent.config;

import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.time.Timers;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * ConfigMaps and Secrets by name, as they were a second ago or later. Many pods that start together
 * share what they refer to, and the server is asked once for it. What is missing is asked for every
 * time, so that a pod that waits for it goes on as soon as it is there.
 *
 * <p>Blocks, and throws as {@link ClusterClient} does. Safe for use by many threads; the maps are
 * guarded by this.
 */
public final class ConfigSource {

  private static final Duration MAX_AGE = Duration.ofSeconds(1);
  private static final int MAX_KEPT = 256;

  private final ClusterClient cluster;
  private final Timers timers;
  private final Map<String, Kept<?>> kept = new LinkedHashMap<>();

  public ConfigSource(ClusterClient cluster, Timers timers) {
    this.cluster = cluster;
    this.timers = timers;
  }

  private record Kept<T>(T value, Instant at) {}

  public Optional<ConfigMap> configMap(String namespace, String name) {
    return recent(
        "configmap/" + namespace + "/" + name,
        ConfigMap.class,
        () -> cluster.configMap(namespace, name));
  }

  public Optional<Secret> secret(String namespace, String name) {
    return recent(
        "secret/" + namespace + "/" + name, Secret.class, () -> cluster.secret(namespace, name));
  }

  private <T> Optional<T> recent(String key, Class<T> type, Supplier<Optional<T>> fetch) {
    Optional<T> known = known(key).map(type::cast);
    if (known.isPresent()) {
      return known;
    }
    Instant asked = timers.instant();
    Optional<T> fetched = fetch.get();
    fetched.ifPresent(value -> keep(key, new Kept<>(value, asked)));
    return fetched;
  }

  private synchronized Optional<Object> known(String key) {
    return Optional.ofNullable(kept.get(key)).filter(this::isRecent).map(Kept::value);
  }

  private boolean isRecent(Kept<?> each) {
    return timers.instant().isBefore(each.at().plus(MAX_AGE));
  }

  private synchronized void keep(String key, Kept<?> value) {
    kept.values().removeIf(each -> !isRecent(each));
    if (kept.size() < MAX_KEPT) {
      kept.put(key, value);
    }
  }
}
