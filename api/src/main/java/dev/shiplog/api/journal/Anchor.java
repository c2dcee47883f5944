package dev.shiplog.api.journal;

import dev.shiplog.topics.record.Checkpoint;

/**
 * A place in the journal from which it can be read without what is before it.
 *
 * @param offset the next entry
 * @param revision the last revision given out before it
 * @param epoch epoch in force there
 * @param sequence sequence of the last entry that counted
 * @param timeMs everything before it was written by then; {@link #UNKNOWN} if nobody noted it
 */
record Anchor(long offset, long revision, long epoch, long sequence, long timeMs) {

  static final long UNKNOWN = Long.MAX_VALUE;

  static final Anchor BEGINNING = new Anchor(0, 0, 0, 0, Long.MIN_VALUE);

  static Anchor of(Checkpoint checkpoint, long timeMs) {
    return new Anchor(
        checkpoint.offset(),
        checkpoint.revision(),
        checkpoint.epoch(),
        checkpoint.sequence(),
        timeMs);
  }
}
