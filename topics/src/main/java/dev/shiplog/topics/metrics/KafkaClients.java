package dev.shiplog.topics.metrics;

import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/**
 * Shows what Kafka's clients measure of themselves, from the first page on that somebody asks for:
 * their hundreds of meters cost a start a second of processor time, and many processes, tests above
 * all, are never asked. Which measurements clients have changes while they run, so each is looked
 * at once a minute, all on one thread. Any thread.
 */
public final class KafkaClients {

  private static final ScheduledExecutorService LOOKS =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("shiplog-kafka-metrics").factory());

  private final MeterBinder binding;
  private boolean bound;
  private boolean ended;

  private KafkaClients(MeterBinder binding) {
    this.binding = binding;
  }

  /**
   * Shows a client's measurements from the next page on.
   *
   * @param made binds them, and takes them away if it can be closed; it looks on the thread given
   * @return ends that; to be run before the client is closed
   */
  public static Runnable show(Function<ScheduledExecutorService, MeterBinder> made) {
    KafkaClients client = new KafkaClients(made.apply(LOOKS));
    Runnable endAsking = ProcessMetrics.here().beforeEachPage(client::bind);
    return () -> {
      endAsking.run();
      client.end();
    };
  }

  private synchronized void bind() {
    if (!bound && !ended) {
      bound = true;
      binding.bindTo(ProcessMetrics.here().registry());
    }
  }

  private synchronized void end() {
    ended = true;
    if (binding instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException("a client's measurements cannot be taken away", e);
      }
    }
  }
}
