package dev.shiplog.agent.pod.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a container that keeps ending waits before its next start: not at all the first time,
 * then ten seconds, doubled each time up to five minutes. A run of ten minutes makes everything
 * good again. All times are steady ones. Immutable.
 *
 * @param delay what the next restart waits, counted from the end of the run; empty before the first
 * @param restartedAt when it was last restarted; null before the first
 */
public record CrashBackoff(Optional<Duration> delay, Instant restartedAt) {

  public static final Duration FIRST = Duration.ofSeconds(10);
  public static final Duration LONGEST = Duration.ofMinutes(5);
  public static final Duration GOOD_RUN = Duration.ofMinutes(10);

  public static final CrashBackoff NONE = new CrashBackoff(Optional.empty(), null);

  /** When a container that ended then may be started again. */
  public Instant allowedAt(Instant endedAt) {
    return afterRunUntil(endedAt).delay().map(endedAt::plus).orElse(endedAt);
  }

  /** What the wait is after a run that ended then. */
  public CrashBackoff afterRunUntil(Instant endedAt) {
    boolean ranWell = restartedAt != null && endedAt.isAfter(restartedAt.plus(GOOD_RUN));
    return ranWell ? NONE : this;
  }

  /** After a restart, because of a run that ended then. */
  public CrashBackoff restarted(Instant endedAt, Instant now) {
    Duration next = afterRunUntil(endedAt).delay().map(CrashBackoff::doubled).orElse(FIRST);
    return new CrashBackoff(Optional.of(next), now);
  }

  private static Duration doubled(Duration delay) {
    Duration twice = delay.multipliedBy(2);
    return twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
  }
}
