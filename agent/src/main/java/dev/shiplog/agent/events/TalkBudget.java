package dev.shiplog.agent.events;

import java.time.Duration;
import java.time.Instant;

/**
 * How many events may still be told: a burst at once, then one more every now and then, with the
 * numbers of Kubernetes. Any thread.
 */
public final class TalkBudget {

  private final int burst;
  private final Duration oneMoreEvery;
  private double left;
  private Instant at = Instant.EPOCH;

  private TalkBudget(int burst, Duration oneMoreEvery) {
    this.burst = burst;
    this.oneMoreEvery = oneMoreEvery;
    this.left = burst;
  }

  /** Of what one object says. */
  static TalkBudget ofOneObject() {
    return new TalkBudget(25, Duration.ofMinutes(5));
  }

  /**
   * Of all nodes of a process together, a kubelet's: events are a help to who looks at a few pods;
   * where thousands start, they would be most of what is written.
   */
  public static TalkBudget ofAllNodes() {
    return new TalkBudget(100, Duration.ofMillis(20));
  }

  /** Whether one more may be told. */
  synchronized boolean spend(Instant now) {
    if (now.isAfter(at)) {
      double earned = (double) Duration.between(at, now).toMillis() / oneMoreEvery.toMillis();
      left = Math.min(burst, left + earned);
      at = now;
    }
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
