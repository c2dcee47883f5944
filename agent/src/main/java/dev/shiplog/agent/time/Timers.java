package dev.shiplog.agent.time;

import java.time.Duration;
import java.time.InstantSource;

/**
 * The clock, and what is to happen later. The agent reads no other clock and waits in no other way,
 * so a test that owns the timers owns time. Safe for use by many threads.
 */
public interface Timers extends InstantSource {

  /**
   * Runs the task once, after the delay. It is called on a thread shared with every other timer: it
   * hands work on and never blocks.
   *
   * @param delay zero or less means as soon as possible
   */
  Timer after(Duration delay, Runnable task);

  /** One task that waits. */
  interface Timer {

    /** Makes sure it is not started from now on; nothing happens if it was. */
    void cancel();
  }
}
