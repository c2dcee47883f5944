package dev.shiplog.api.http;

import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.custom.CustomVersion;
import dev.shiplog.api.store.StoredObject;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Custom resources that have been looked at, and whose stored bytes are what a client gets: nothing
 * was to be dropped and no default to be added. It takes reading, completing and writing an object
 * to know; this keeps lists and watches from doing so again for each reader. Any thread.
 */
final class UnchangedObjects {

  /** A power of two: an object's place follows from its revision. Some 1 MB when full. */
  private static final int PLACES = 32 * 1024;

  private final AtomicReferenceArray<Seen> seen = new AtomicReferenceArray<>(PLACES);

  /** One object, by the revision that no other has, and the definition it was looked at with. */
  private record Seen(long revision, CustomVersion version) {}

  /** Whether the object is known to be unchanged. */
  @SuppressWarnings("ReferenceEquality") // a changed definition is another instance
  boolean contains(ResourceType type, StoredObject object) {
    Seen known = seen.get(place(object));
    return known != null
        && known.revision == object.revision()
        && type.custom().isPresent()
        && known.version == type.custom().get();
  }

  /** Takes note of an object if what a client gets of it are its stored bytes. */
  void note(ResourceType type, StoredObject object, byte[] served) {
    boolean comparable =
        object.revision() > 0
            && type.custom().map(CustomVersion::mayServeStoredBytes).orElse(false);
    if (comparable && Arrays.equals(served, object.bytes())) {
      seen.setRelease(place(object), new Seen(object.revision(), type.custom().get()));
    }
  }

  private static int place(StoredObject object) {
    return (int) object.revision() & (PLACES - 1);
  }
}
