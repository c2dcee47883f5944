package dev.shiplog.streams.kit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.List;

/**
 * A resource a controller reads, and which of its keys a change of it concerns.
 *
 * @param type the resource
 * @param keys pure; runs after the views took the change in
 */
public record Source<T extends HasMetadata>(ResourceType<T> type, KeyMapper<T> keys) {

  /** Finds the keys to reconcile after a change. */
  @FunctionalInterface
  public interface KeyMapper<T extends HasMetadata> {
    Collection<String> keys(ObjectChange<T> change, Views views);
  }

  /** The changed object is what is reconciled. */
  public static <T extends HasMetadata> Source<T> primary(ResourceType<T> type) {
    return new Source<>(type, (change, views) -> List.of(change.key()));
  }

  public static <T extends HasMetadata> Source<T> mapped(ResourceType<T> type, KeyMapper<T> keys) {
    return new Source<>(type, keys);
  }

  /** Read, but its changes concern nobody. */
  public static <T extends HasMetadata> Source<T> readOnly(ResourceType<T> type) {
    return new Source<>(type, (change, views) -> List.of());
  }

  /** The keys of the controllers (by owner reference) it has or had that are of this resource. */
  public static <T extends HasMetadata> Source<T> controlled(
      ResourceType<T> type, ResourceType<?> owner) {
    return new Source<>(
        type,
        (change, views) ->
            change
                .states()
                .flatMap(object -> Owners.controllerOf(object).stream())
                .filter(reference -> reference.getKind().equals(owner.kind()))
                .map(reference -> ownerKey(change, owner, reference.getName()))
                .distinct()
                .toList());
  }

  private static String ownerKey(ObjectChange<?> change, ResourceType<?> owner, String name) {
    return owner.namespaced() ? ObjectKeys.key(ObjectKeys.namespaceOf(change.key()), name) : name;
  }
}
