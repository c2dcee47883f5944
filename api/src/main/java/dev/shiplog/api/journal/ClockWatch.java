package dev.shiplog.api.journal;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Notices that the clock of the day was set. Nothing in the journal waits for that clock, but times
 * in objects come from it, and so does the age of history; so it is worth saying. The loop's thread
 * alone.
 */
final class ClockWatch {

  private static final Logger LOG = Logger.getLogger(ClockWatch.class);

  /** Less is what an operating system corrects by and by, or a thread that had to wait. */
  static final Duration TOLERANCE = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final LongSupplier ticker;
  private final Runnable onJump;
  private long aheadMs;

  /**
   * Makes one.
   *
   * @param ticker nanoseconds that nobody sets
   * @param onJump called for each jump
   */
  ClockWatch(InstantSource clock, LongSupplier ticker, Runnable onJump) {
    this.clock = clock;
    this.ticker = ticker;
    this.onJump = onJump;
    this.aheadMs = ahead();
  }

  /** To be called more often than the clock is set. */
  void look() {
    long before = aheadMs;
    aheadMs = ahead();
    Duration jump = Duration.ofMillis(aheadMs - before);
    if (jump.abs().compareTo(TOLERANCE) >= 0) {
      LOG.warnf(
          "the clock was set %s by %s: times in objects, and what counts as older than the history, follow it; leadership and time-outs do not",
          jump.isNegative() ? "back" : "forward", jump.abs());
      onJump.run();
    }
  }

  /** How far the clock is ahead of the ticker, which is always the same unless it is set. */
  private long ahead() {
    return clock.millis() - TimeUnit.NANOSECONDS.toMillis(ticker.getAsLong());
  }
}
