package dev.shiplog.api.projection;

import dev.shiplog.api.journal.LeaderTask;
import dev.shiplog.api.journal.LeadershipListener;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.TopicLog;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * Projects while this server leads. Leadership only says when to start and to stop: what is
 * projected follows from the journal alone, and a projector that is late to notice its successor is
 * fenced by it. Any thread.
 */
public final class Projector implements LeadershipListener, AutoCloseable {

  private final LeaderTask task;
  private final ProjectionMetrics metrics = new ProjectionMetrics();

  public Projector(
      TopicLog log,
      TopicNames names,
      ProjectionSettings settings,
      InstantSource clock,
      FaultHandler faults,
      ThreadFactory threads) {
    this.task =
        new LeaderTask(
            "projecting the journal",
            () -> new ProjectionRun(log, names, settings, clock, metrics),
            settings.retryAfter(),
            faults,
            threads);
  }

  /**
   * Shows how far it is.
   *
   * @param journalEnd up to where the journal was applied
   */
  public void measure(MeterRegistry registry, LongSupplier journalEnd) {
    metrics.show(registry, journalEnd);
  }

  @Override
  public void becameLeader(long epoch) {
    task.becameLeader(epoch);
  }

  @Override
  public void lostLeadership() {
    metrics.ended();
    task.lostLeadership();
  }

  /** Stops projecting and waits a bounded time for the transaction under way. */
  @Override
  public void close() {
    metrics.hide();
    task.close();
  }
}
