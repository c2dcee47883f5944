package dev.shiplog.api.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long watches rest after they wrote. A write to a connection costs far more than an event in
 * it, so what comes within the rest goes out together; an event after a quiet moment goes out at
 * once. The more watches are writing, the longer each rests, so that telling many watchers of many
 * changes leaves time for the changes. Any thread.
 */
final class WatchPace {

  private static final long SHORTEST_MS = 5;
  private static final long LONGEST_MS = 100;

  /** Each watch that writes adds a fraction of a millisecond to the rest of all. */
  private static final int WATCHES_PER_MS = 2;

  private final AtomicInteger resting = new AtomicInteger();

  /** A watch that has written begins to rest, for so many milliseconds. */
  long rest() {
    int watches = resting.incrementAndGet();
    return Math.clamp(watches / WATCHES_PER_MS, SHORTEST_MS, LONGEST_MS);
  }

  /** Its rest is over. */
  void rested() {
    resting.decrementAndGet();
  }
}
