package dev.shiplog.agent.events;

import java.time.Duration;
import java.time.Instant;

/**
 * How many events one object may still tell: a burst at once, then one more every now and then, as
 * Kubernetes bounds them. Not thread safe.
 */
final class TalkBudget {

  private static final int BURST = 25;
  private static final Duration ONE_MORE_EVERY = Duration.ofMinutes(5);

  private double left = BURST;
  private Instant at;

  TalkBudget(Instant now) {
    at = now;
  }

  boolean spend(Instant now) {
    double earned = (double) Duration.between(at, now).toMillis() / ONE_MORE_EVERY.toMillis();
    left = Math.min(BURST, left + earned);
    at = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
