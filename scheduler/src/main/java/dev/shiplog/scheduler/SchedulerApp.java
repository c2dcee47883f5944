package dev.shiplog.scheduler;

import dev.shiplog.scheduler.app.SchedulerApplication;
import dev.shiplog.scheduler.config.ConfigurationReader;
import dev.shiplog.scheduler.config.SchedulerConfiguration;
import dev.shiplog.scheduler.metrics.SchedulerMetrics;
import dev.shiplog.streams.kit.kafka.ApplicationStreams;
import dev.shiplog.streams.kit.kafka.Phase;
import dev.shiplog.streams.kit.kafka.StreamsSettings;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.metrics.ProcessMetrics;
import java.util.List;
import java.util.SplittableRandom;

/** The scheduler as a process runs it. Start and close from any thread. */
public final class SchedulerApp implements AutoCloseable {

  private final ApplicationStreams streams;

  /**
   * Prepares the default scheduler.
   *
   * @param log to look at topics with; stays open when this is closed
   * @param faults told when it cannot go on
   */
  public SchedulerApp(StreamsSettings settings, LogSource log, FaultHandler faults) {
    this(new ConfigurationReader(List.of()).byDefault(), settings, log, faults);
  }

  /** Prepares schedulers as configured. */
  public SchedulerApp(
      SchedulerConfiguration configuration,
      StreamsSettings settings,
      LogSource log,
      FaultHandler faults) {
    SchedulerMetrics metrics =
        new SchedulerMetrics(ProcessMetrics.here().registry(), System::nanoTime);
    this.streams =
        new ApplicationStreams(
            () -> new SchedulerApplication(configuration, new SplittableRandom(), metrics),
            settings,
            log,
            faults);
  }

  /**
   * Waits until the topics are there, then starts; pods are scheduled some time later, when
   * everything has been read.
   *
   * @throws IllegalStateException if topics are missing after the time set for it
   */
  public void start() {
    streams.start();
  }

  /** Whether its thread runs; says nothing about being the active process. */
  public boolean isRunning() {
    return streams.isRunning();
  }

  /** How far this process is. */
  public Phase phase() {
    return streams.phase();
  }

  /** Whether its thread makes progress. */
  public boolean isTurning() {
    return streams.isTurning();
  }

  /** Stops within a bounded time. */
  @Override
  public void close() {
    streams.close();
  }
}
