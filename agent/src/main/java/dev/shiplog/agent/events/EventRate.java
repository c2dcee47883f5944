package dev.shiplog.agent.events;

import java.time.Duration;
import java.time.Instant;

/**
 * How many events the nodes of a process tell together: a burst, then so many a second, with a
 * kubelet's numbers. Events are a help to who looks at a few pods; where thousands start, they
 * would be most of what is written. Any thread.
 */
public final class EventRate {

  private static final int BURST = 100;
  private static final int A_SECOND = 50;

  private double left = BURST;
  private Instant at = Instant.MIN;

  /** Whether one more may be told. */
  synchronized boolean spend(Instant now) {
    if (now.isAfter(at)) {
      left = at.equals(Instant.MIN) ? BURST : Math.min(BURST, left + earned(now));
      at = now;
    }
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }

  private double earned(Instant now) {
    return (double) Duration.between(at, now).toMillis() * A_SECOND / 1000;
  }
}
