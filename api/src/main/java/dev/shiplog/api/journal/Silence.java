package dev.shiplog.api.journal;

import java.time.Duration;

/**
 * How long there was no sign of a leader, and whether that is too long. Signs come every heartbeat,
 * or rather as regularly as network, disk and processors let them: so the patience is four
 * heartbeats, or three times the longest gap seen lately where that is more, and never more than a
 * bound. It begins at the bound and comes down with experience. Being wrong costs a change of the
 * lead; what counts never depends on it. One thread.
 */
final class Silence {

  private static final int HEARTBEATS = 4;
  private static final int GAPS = 3;

  /** How long a gap is remembered, about. */
  private static final double MEMORY_NANOS = Duration.ofSeconds(30).toNanos();

  private final long least;
  private final long most;
  private double longestGap;
  private long lastSign;

  /**
   * Begins now.
   *
   * @param most the bound
   */
  Silence(Duration heartbeatEvery, Duration most, long nowNanos) {
    this.most = most.toNanos();
    this.least = Math.min(this.most, heartbeatEvery.multipliedBy(HEARTBEATS).toNanos());
    this.longestGap = (double) this.most / GAPS;
    this.lastSign = nowNanos;
  }

  /** There was a sign. */
  void broken(long nowNanos) {
    long gap = nowNanos - lastSign;
    double faded = longestGap * Math.max(0, 1 - gap / MEMORY_NANOS);
    longestGap = Math.max((double) gap, faded);
    lastSign = nowNanos;
  }

  boolean isTooLong(long nowNanos) {
    return nowNanos - lastSign >= patience();
  }

  Duration lasts(long nowNanos) {
    return Duration.ofNanos(nowNanos - lastSign);
  }

  private long patience() {
    return Math.min(most, Math.max(least, (long) (GAPS * longestGap)));
  }
}
