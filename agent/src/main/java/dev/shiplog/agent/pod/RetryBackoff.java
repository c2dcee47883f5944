package dev.shiplog.agent.pod;

import java.time.Duration;

/**
 * How long something that failed waits for its next try: doubled each time.
 *
 * @param first after the first failure
 * @param longest at most
 */
record RetryBackoff(Duration first, Duration longest) {

  /** What may be put right at any time, by a user or by the node itself. */
  static final RetryBackoff SOON = new RetryBackoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

  /** What costs somebody else something. */
  static final RetryBackoff IMAGE_PULL =
      new RetryBackoff(Duration.ofSeconds(10), Duration.ofMinutes(5));

  private static final int MAX_DOUBLINGS = 16;

  /** The wait after so many failures in a row. */
  Duration after(int failures) {
    Duration delay = first.multipliedBy(1L << Math.clamp(failures - 1, 0, MAX_DOUBLINGS));
    return delay.compareTo(longest) < 0 ? delay : longest;
  }
}
