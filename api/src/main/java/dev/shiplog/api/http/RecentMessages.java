package dev.shiplog.api.http;

import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.store.StoredObject;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Messages of recently asked objects, so that a list that is read again and a watch of many are
 * encoded once per revision. Two who ask at once may each make one, with the same result. Any
 * thread.
 */
final class RecentMessages {

  /** A power of two: an object's place follows from its revision. */
  private static final int PLACES = 4096;

  /** Longer messages are made anew each time: at most 32 MB are kept. */
  private static final int LONGEST_KEPT = 8 * 1024;

  private final AtomicReferenceArray<Kept> kept = new AtomicReferenceArray<>(PLACES);

  @SuppressWarnings("ArrayRecordComponent")
  private record Kept(
      StoredObject object, ResourceType type, Representation wanted, byte[] message) {

    /** By identity: an object at a revision has one instance, and comparing it would be slow. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(StoredObject other, ResourceType otherType, Representation otherWanted) {
      return object == other && type.equals(otherType) && wanted.equals(otherWanted);
    }
  }

  byte[] of(StoredObject object, ResourceType type, Representation wanted, Supplier<byte[]> maker) {
    int place = (int) object.revision() & (PLACES - 1);
    Kept known = kept.get(place);
    if (known != null && known.isOf(object, type, wanted)) {
      return known.message();
    }
    byte[] message = maker.get();
    if (message.length <= LONGEST_KEPT) {
      kept.setRelease(place, new Kept(object, type, wanted, message));
    }
    return message;
  }
}
