package dev.shiplog.api.journal;

import java.time.Duration;
import org.jboss.logging.Logger;

/** Says in the log that commits take too long, now and then. One thread. */
final class Overdue {

  private static final Logger LOG = Logger.getLogger(Overdue.class);
  private static final long EVERY_NANOS = Duration.ofSeconds(10).toNanos();

  private long count;
  private long warnedNanos;
  private boolean warned;

  /** One more was answered without being seen in the journal. */
  void warn(long nowNanos) {
    count++;
    if (warned && nowNanos - warnedNanos < EVERY_NANOS) {
      return;
    }
    LOG.warnf(
        "%d commits were not seen in the journal in time: Kafka is slow or does not answer, or no"
            + " API server leads",
        count);
    warned = true;
    warnedNanos = nowNanos;
    count = 0;
  }
}
