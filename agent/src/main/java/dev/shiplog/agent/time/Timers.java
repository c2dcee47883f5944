package dev.shiplog.agent.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The clocks, and what is to happen later. The agent reads no other clock and waits in no other
 * way, so a test that owns the timers owns time. Safe for use by many threads.
 *
 * <p>There are two times. {@link #instant} is the clock of the day: for what people and other
 * machines read. It may be set, by hours and in both directions, so nothing that the agent does or
 * leaves may depend on how far it went between two looks. {@link #steady} is for that: how long
 * something took, is to wait, or is good for.
 */
public interface Timers extends InstantSource {

  /**
   * A time that goes on evenly and that nobody sets. It is of use only beside others of the same
   * process: never written down, nor compared with {@link #instant}.
   */
  Instant steady();

  /**
   * When it was, in steady time, that the clock of the day showed this; now, where it has not shown
   * it yet. As good as that clock: to be asked once, soon after it happened, and kept.
   */
  default Instant steadyWhen(Instant shown) {
    Duration age = Duration.between(shown, instant());
    return age.isNegative() ? steady() : steady().minus(age);
  }

  /**
   * Runs the task once, after the delay. It is called on a thread shared with every other timer: it
   * hands work on and never blocks.
   *
   * @param delay zero or less means as soon as possible
   */
  Timer after(Duration delay, Runnable task);

  /**
   * The same, give or take half a second: what many nodes do again and again, they then do at the
   * same moments, which costs everybody less. What is written together is one commit.
   */
  default Timer about(Duration delay, Runnable task) {
    return after(delay, task);
  }

  /** One task that waits. */
  interface Timer {

    /** Makes sure it is not started from now on; nothing happens if it was. */
    void cancel();
  }
}
