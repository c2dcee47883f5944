package dev.shiplog.topics.metrics;

import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Shows what Kafka's clients measure of themselves. Which measurements they have changes while they
 * run, so each is looked at once a minute, all on one thread. Any thread.
 */
public final class KafkaClients {

  private static final ScheduledExecutorService LOOKS =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("shiplog-kafka-metrics").factory());

  /** Binding a client takes long enough to be felt at a start. */
  private static final long REST_SECONDS = 3;

  private KafkaClients() {}

  /**
   * Shows a client's measurements from now on.
   *
   * @param made binds them, and takes them away if it can be closed; it looks on the thread given
   * @return ends that; to be run before the client is closed
   */
  public static Runnable show(Function<ScheduledExecutorService, MeterBinder> made) {
    MeterBinder binding = made.apply(LOOKS);
    Future<?> begin =
        LOOKS.schedule(
            () -> binding.bindTo(ProcessMetrics.here().registry()), REST_SECONDS, TimeUnit.SECONDS);
    return () -> {
      begin.cancel(false);
      if (binding instanceof AutoCloseable closeable) {
        close(closeable);
      }
    };
  }

  private static void close(AutoCloseable binding) {
    try {
      binding.close();
    } catch (Exception e) {
      throw new IllegalStateException("a client's measurements cannot be taken away", e);
    }
  }
}
