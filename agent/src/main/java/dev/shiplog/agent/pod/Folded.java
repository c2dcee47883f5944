package dev.shiplog.agent.pod;

import dev.shiplog.agent.cluster.KubernetesJson;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import java.nio.charset.StandardCharsets;

/**
 * Something of Kubernetes that nobody changes, kept as its JSON while nobody works with it: that is
 * a small part of what its objects take, and most pods of a node are left alone most of the time.
 * One thread unfolds and folds it, and any may look at it.
 */
final class Folded<T extends KubernetesResource> {

  private final Class<T> type;

  /** Null where there is nothing; otherwise the objects, or their JSON. */
  private volatile Object kept;

  private Folded(Class<T> type, T value) {
    this.type = type;
    this.kept = value;
  }

  /** Not folded yet; null is nothing. */
  static <T extends KubernetesResource> Folded<T> of(Class<T> type, T value) {
    return new Folded<>(type, value);
  }

  /** What is kept, or null, for one look: it stays folded if it is. */
  T get() {
    Object now = kept;
    return now instanceof byte[] json ? KubernetesJson.read(json, type) : type.cast(now);
  }

  /** What is kept, or null, to be worked with from now on. */
  T unfold() {
    T value = get();
    kept = value;
    return value;
  }

  /** Nobody will work with it for some time. */
  void fold() {
    Object now = kept;
    if (now != null && !(now instanceof byte[])) {
      kept = KubernetesJson.write(now).getBytes(StandardCharsets.UTF_8);
    }
  }

  boolean isThere() {
    return kept != null;
  }

  boolean isFolded() {
    return kept instanceof byte[];
  }
}
