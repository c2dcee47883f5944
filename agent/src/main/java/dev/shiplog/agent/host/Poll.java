package dev.shiplog.agent.host;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for what nobody tells of: another process, a socket, the kernel. */
public final class Poll {

  private static final Duration PACE = Duration.ofMillis(20);

  private Poll() {}

  /**
   * Looks again and again until the condition holds.
   *
   * @return whether it did within the time; an interrupt ends the wait early and stays set
   */
  public static boolean until(Duration atMost, BooleanSupplier condition) {
    long end = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(PACE.toNanos());
    }
    return true;
  }
}
