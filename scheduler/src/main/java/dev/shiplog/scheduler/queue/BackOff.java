package dev.shiplog.scheduler.queue;

/**
 * How long a pod rests after an attempt: doubled with each one, up to a limit.
 *
 * @param initialMs after the first
 * @param maxMs the limit
 */
public record BackOff(long initialMs, long maxMs) {

  /** As in Kubernetes: 1 s to 10 s. */
  public static final BackOff DEFAULT = new BackOff(1_000, 10_000);

  long afterMs(int attempts) {
    long ms = initialMs;
    for (int i = 1; i < attempts && ms < maxMs; i++) {
      ms *= 2;
    }
    return Math.min(ms, maxMs);
  }
}
