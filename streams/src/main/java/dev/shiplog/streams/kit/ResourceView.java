package dev.shiplog.streams.kit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The objects of one resource as far as they have been read. What it returns is shared: <b>nobody
 * changes an object of a view</b> (fabric8's classes would allow it); copy with {@code edit()}.
 * Collections are in key order, and hold what was there when they were asked for.
 */
public interface ResourceView<T extends HasMetadata> {

  ResourceType<T> type();

  Optional<T> get(String key);

  default Optional<T> get(String namespace, String name) {
    return get(ObjectKeys.key(namespace, name));
  }

  /** Found by {@code metadata.uid}. */
  Optional<T> byUid(String uid);

  Collection<T> all();

  Collection<T> inNamespace(String namespace);

  /** Whether there is any in a namespace, without gathering them. */
  boolean anyInNamespace(String namespace);

  /** Those that name this uid in an owner reference, controller or not. */
  Collection<T> ownedBy(String uid);

  /** Those whose controller (owner reference with {@code controller: true}) has this uid. */
  default Collection<T> controlledBy(String uid) {
    return ownedBy(uid).stream().filter(object -> Owners.isControlledBy(object, uid)).toList();
  }

  /** Those an index finds under the value. The index must have been declared. */
  Collection<T> find(Index<T> index, String value);

  /** How many an index finds under the value, without gathering them. */
  int count(Index<T> index, String value);

  /** Those of a namespace whose labels the selector matches; see {@link Selectors#matching}. */
  default Collection<T> selected(String namespace, LabelSelector selector) {
    Predicate<HasMetadata> matches = Selectors.matching(selector);
    return inNamespace(namespace).stream().filter(matches).toList();
  }

  /**
   * When the object was last changed, by the clock of whoever wrote the topic.
   *
   * @return empty if it is not there
   */
  Optional<Instant> changedAt(String key);

  /**
   * Whether an object with this uid was seen and then deleted. True is certain; false may only mean
   * that it was never seen, or that its deletion is long past.
   */
  boolean sawDeletionOf(String uid);

  /**
   * Whether an object under this key was deleted not long ago, and is not there again. For names
   * that should not come back at once.
   */
  boolean recentlyDeleted(String key);

  int size();

  /** The last revision of this resource that was read; 0 before any. */
  long revision();
}
