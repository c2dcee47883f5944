package dev.shiplog.topics.journal;

import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Objects;

/**
 * One object created, updated or deleted.
 *
 * @param resource what it is
 * @param key {@code namespace/name}, or {@code name} where the resource has no namespaces
 * @param revision the revision of this change; it is also {@code metadata.resourceVersion} inside
 *     {@code after}
 * @param before the stored object as it was; null if it is created
 * @param after the stored object as it is now; null if it is deleted
 */
public record Change(
    StorageResource resource, String key, long revision, SealedValue before, SealedValue after) {

  public Change {
    Objects.requireNonNull(resource);
    Objects.requireNonNull(key);
    if (before == null && after == null) {
      throw new IllegalArgumentException("a change of " + key + " from nothing to nothing");
    }
  }

  public Operation operation() {
    if (before == null) {
      return Operation.CREATE;
    }
    return after == null ? Operation.DELETE : Operation.UPDATE;
  }

  /** What a change does. */
  public enum Operation {
    CREATE,
    UPDATE,
    DELETE
  }
}
