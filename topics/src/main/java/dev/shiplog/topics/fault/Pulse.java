package dev.shiplog.topics.fault;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Shows that a thread which owns something makes progress: it beats at every turn of its loop, also
 * when there is nothing to do. One whose thread hangs, or is gone, beats no more, and only a new
 * process helps. Beaten by the owner, looked at by any thread.
 */
public final class Pulse {

  /** Longer than any turn takes, a long garbage collection or a slow log included. */
  public static final Duration LONGEST_TURN = Duration.ofSeconds(60);

  private final LongSupplier ticker;
  private volatile boolean begun;
  private volatile long lastNanos;

  /**
   * One that has not begun.
   *
   * @param ticker nanoseconds that only go up
   */
  public Pulse(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** The owner begins a turn. */
  public void beat() {
    lastNanos = ticker.getAsLong();
    begun = true;
  }

  /** The owner stops in good order: nothing is expected of it any more. */
  public void rest() {
    begun = false;
  }

  /** Whether the owner has begun and not stopped in good order. */
  public boolean hasBegun() {
    return begun;
  }

  /** Whether the owner makes progress, as far as it was to. */
  public boolean isThere() {
    return !begun || ticker.getAsLong() - lastNanos <= LONGEST_TURN.toNanos();
  }
}
