package dev.shiplog.api.journal;

import dev.shiplog.topics.journal.Entry;

/** Sends entries to the journal. Called by the loop; neither method blocks for long. */
interface Appender {

  /**
   * Appends an entry of the epoch this server leads; it hears of it again from the tail, or as
   * {@link Journal#appendFailed}.
   *
   * @param traceparent the step of a trace that asked for it; null if there is none
   */
  void append(byte[] value, long epoch, long sequence, String traceparent);

  /** An entry of the epoch this server leads, which it appended, was applied. */
  default void applied(long sequence) {}

  /** Appends a claim, likewise. */
  void claim(Entry.Claim claim);
}
