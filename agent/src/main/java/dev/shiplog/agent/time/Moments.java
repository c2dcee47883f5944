package dev.shiplog.agent.time;

import java.time.Duration;
import java.time.Instant;

/** The moments, a second apart, at which things happen that can wait for one another. */
final class Moments {

  private static final long APART_MS = 1000;

  private Moments() {}

  /** How long it is to the moment nearest to a delay's end; never less than nothing. */
  static Duration nearest(Instant now, Duration delay) {
    long due = now.plus(delay).toEpochMilli();
    long moment = (due + APART_MS / 2) / APART_MS * APART_MS;
    Duration until = Duration.between(now, Instant.ofEpochMilli(moment));
    return until.isNegative() ? Duration.ZERO : until;
  }
}
