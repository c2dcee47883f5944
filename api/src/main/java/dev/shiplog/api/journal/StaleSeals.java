package dev.shiplog.api.journal;

import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.seal.Sealing;
import java.util.HashSet;
import java.util.Set;

/**
 * Which stored objects are sealed otherwise than they would be now: with an older key, or not at
 * all. Writing one of these is a change though nothing else of it changes, so that after a rotation
 * everything can be written anew. One thread at a time: the one that restores, then the loop's.
 */
final class StaleSeals {

  private record Name(StorageResource resource, String key) {}

  private final Sealing sealing;
  private final Set<Name> names = new HashSet<>();

  StaleSeals(Sealing sealing) {
    this.sealing = sealing;
  }

  /**
   * An object is stored from now on as this value.
   *
   * @param value null if it is gone
   */
  void stored(StorageResource resource, String key, SealedValue value) {
    if (value != null && sealing.isStale(resource, value)) {
      names.add(new Name(resource, key));
    } else if (!names.isEmpty()) {
      names.remove(new Name(resource, key));
    }
  }

  /** An object was sealed as it would be now, or is gone. */
  void sealedAnew(ObjectKey key) {
    if (!names.isEmpty()) {
      names.remove(new Name(key.resource(), key.text()));
    }
  }

  boolean contain(ObjectKey key) {
    return !names.isEmpty() && names.contains(new Name(key.resource(), key.text()));
  }
}
