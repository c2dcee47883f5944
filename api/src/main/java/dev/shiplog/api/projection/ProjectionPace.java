package dev.shiplog.api.projection;

import java.time.Duration;

/**
 * How long the projection rests after a transaction. A transaction costs the same whether one entry
 * is in it or a hundred, for everybody who reads what it wrote as well. So where many entries come,
 * they are projected together. Where few come, each is most likely waited for, by a controller, a
 * node or a user, as when a deployment becomes a pod: then transactions follow one another quickly,
 * as long as there are not too many of them. One thread.
 */
final class ProjectionPace {

  /** So many transactions may follow one another quickly ... */
  private static final int QUICK = 48;

  /** ... and one more each time so much has passed. */
  private static final long ONE_MORE_EVERY_MS = 50;

  /** With more entries than this a transaction is one of many. */
  private static final int FEW = 4;

  /** It projects for at most one part in so many of the time, as far as the rest's bound allows. */
  private static final int SHARE = 5;

  private final Duration shortest;
  private final Duration longest;
  private double quick = QUICK;
  private long countedMs;

  /** A pace between these bounds. */
  ProjectionPace(Duration shortest, Duration longest, long nowMs) {
    this.shortest = shortest;
    this.longest = longest;
    this.countedMs = nowMs;
  }

  /** The rest after a transaction of so many entries that took so long. */
  Duration restAfter(Duration took, int entries, long nowMs) {
    double more = (double) Math.max(0, nowMs - countedMs) / ONE_MORE_EVERY_MS;
    quick = Math.min(QUICK, quick + more);
    countedMs = nowMs;
    if (entries > FEW || quick < 1) {
      return max(shortest, longest);
    }
    quick--;
    Duration share = took.multipliedBy(SHARE - 1);
    return max(shortest, share.compareTo(longest) < 0 ? share : longest);
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
