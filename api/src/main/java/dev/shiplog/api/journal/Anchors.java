package dev.shiplog.api.journal;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Places in the journal by revision. When there are many, every other one is dropped and they are
 * set wider apart: the longer the history, the coarser. Added to by one thread, read by any.
 */
final class Anchors {

  private static final int FEW_ENTRIES = 256;
  private static final int MANY = 20_000;

  private final ConcurrentNavigableMap<Long, Anchor> byRevision = new ConcurrentSkipListMap<>();
  private int everyEntries = FEW_ENTRIES;
  private long lastOffset;

  /** Whether a place at this offset is far enough from the last one. */
  boolean isDue(long offset) {
    return offset - lastOffset >= everyEntries;
  }

  /** Adds one. Of several at the same revision the last one is kept: it spares most. */
  void add(Anchor anchor) {
    lastOffset = Math.max(lastOffset, anchor.offset());
    byRevision.merge(
        anchor.revision(), anchor, (one, other) -> one.offset() > other.offset() ? one : other);
    if (byRevision.size() > MANY) {
      thin();
    }
  }

  /** The last place before which there is nothing but this revision and earlier ones. */
  Optional<Anchor> atOrBefore(long revision) {
    return Optional.ofNullable(byRevision.floorEntry(revision)).map(Map.Entry::getValue);
  }

  /** The last place before which there is nothing that was written later than the time. */
  Optional<Anchor> writtenBy(long timeMs) {
    return byRevision.descendingMap().values().stream()
        .filter(anchor -> anchor.timeMs() <= timeMs)
        .findFirst();
  }

  /** The earliest place. */
  Optional<Anchor> first() {
    return Optional.ofNullable(byRevision.firstEntry()).map(Map.Entry::getValue);
  }

  /** The refusal to go back to a revision. */
  ApiFailure expired(long revision) {
    return expired(revision, first().map(Anchor::revision).orElse(0L));
  }

  /**
   * The refusal to go back to a revision.
   *
   * @param oldest the oldest one after which everything is known
   */
  ApiFailure expired(long revision, long oldest) {
    return Failures.expired(
        "The provided resource version %d is too old: the journal does not go back so far; the oldest it goes back to is %d"
            .formatted(revision, Math.max(1, oldest)));
  }

  /** The journal no longer holds what is before the offset. */
  void dropBefore(long offset) {
    byRevision.values().removeIf(anchor -> anchor.offset() < offset);
  }

  private void thin() {
    everyEntries *= 2;
    boolean[] keep = {false};
    byRevision.values().removeIf(_ -> keep[0] = !keep[0]);
  }
}
