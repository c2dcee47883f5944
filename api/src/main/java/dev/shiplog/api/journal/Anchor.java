package dev.shiplog.api.journal;

import dev.shiplog.topics.record.Checkpoint;

/**
 * A place in the journal from which it can be read without what is before it.
 *
 * @param offset the next entry
 * @param revision the last revision given out before it
 * @param epoch epoch in force there
 * @param sequence sequence of the last entry that counted
 */
record Anchor(long offset, long revision, long epoch, long sequence) {

  static final Anchor BEGINNING = new Anchor(0, 0, 0, 0);

  static Anchor of(Checkpoint checkpoint) {
    return new Anchor(
        checkpoint.offset(), checkpoint.revision(), checkpoint.epoch(), checkpoint.sequence());
  }
}
