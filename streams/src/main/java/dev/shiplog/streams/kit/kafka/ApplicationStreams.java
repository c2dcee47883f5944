package dev.shiplog.streams.kit.kafka;

import dev.shiplog.streams.kit.Application;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.metrics.KafkaClients;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaStreams;
import org.jboss.logging.Logger;

/** An application running on Kafka Streams. Start and close from any thread. */
public final class ApplicationStreams implements AutoCloseable {

  private static final Duration TOPICS_POLL = Duration.ofMillis(50);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Logger LOG = Logger.getLogger(ApplicationStreams.class);

  private final String name;
  private final StreamsSettings settings;
  private final LogSource log;
  private final ApplicationTopology topology;
  private final FaultHandler faults;
  private final ExecutorService lookups = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile KafkaStreams streams;
  private Runnable hide = () -> {};

  /**
   * Prepares an application.
   *
   * @param applications called whenever this process becomes the active one; always the same kind
   * @param log to look at topics with; stays open when this is closed
   * @param faults told when the application cannot go on
   */
  public ApplicationStreams(
      Supplier<Application> applications,
      StreamsSettings settings,
      LogSource log,
      FaultHandler faults) {
    this.name = applications.get().name();
    this.settings = settings;
    this.log = log;
    this.topology = new ApplicationTopology(applications, settings.names());
    this.faults = faults;
  }

  /**
   * Waits until the topics are there, then starts; the application becomes active some time later.
   * An interrupt ends the wait, and nothing is started then.
   *
   * @throws IllegalStateException if topics are missing after the time set for it
   */
  public void start() {
    boolean found = awaitTopics();
    synchronized (this) {
      if (!found || closing.getCount() == 0) {
        return;
      }
      streams =
          new KafkaStreams(
              topology.build(progress ->
                  new LogCatchUp(log, topology.storeTopics(), progress, lookups, faults)),
              settings.properties(name));
      streams.setUncaughtExceptionHandler(
          new StreamFailures(name, settings.names(), faults, System::nanoTime));
      KafkaStreams started = streams;
      hide = KafkaClients.show(looks -> new KafkaStreamsMetrics(started, Tags.empty(), looks));
      streams.start();
    }
    lookups.execute(this::watch);
  }

  private void watch() {
    LostTask task = new LostTask(System::nanoTime);
    while (!isClosingWithin(LOOK)) {
      boolean ours = streams.state() == KafkaStreams.State.RUNNING && hasTask(streams);
      if (task.isLost(ours, topology.isActing())) {
        LOG.warnf(
            "%s: its work was to be restored and was not within %d s; its thread is replaced",
            name, LostTask.RESTORED_BY.toSeconds());
        replaceThread();
      }
    }
  }

  /** Has another thread restore everything and begin. */
  void replaceThread() {
    try {
      var _ = streams.removeStreamThread(CLOSE_TIMEOUT);
    } catch (KafkaException e) {
      LOG.warnf("%s: its thread does not stop: %s", name, e.getMessage());
    }
    var _ = streams.addStreamThread();
  }

  /** Whether the stream thread runs; says nothing about being the active process. */
  public boolean isRunning() {
    return switch (phase()) {
      case CATCHING_UP, STANDING_BY, ACTING -> true;
      case WAITING, STOPPED -> false;
    };
  }

  /** How far it is; from any thread. */
  public Phase phase() {
    KafkaStreams started = streams;
    if (started == null) {
      return closing.getCount() == 0 ? Phase.STOPPED : Phase.WAITING;
    }
    return switch (started.state()) {
      case CREATED -> Phase.CATCHING_UP;
      case REBALANCING -> topology.isActing() ? Phase.ACTING : Phase.CATCHING_UP;
      case RUNNING -> running(started);
      case PENDING_SHUTDOWN, NOT_RUNNING, PENDING_ERROR, ERROR -> Phase.STOPPED;
    };
  }

  /** What is this process's to do may have yet to be restored, or restored once more. */
  private Phase running(KafkaStreams started) {
    if (topology.isActing()) {
      return Phase.ACTING;
    }
    return hasTask(started) ? Phase.CATCHING_UP : Phase.STANDING_BY;
  }

  /** Whether the thread that acts makes progress; also true where this process does not act. */
  public boolean isTurning() {
    return topology.isTurning();
  }

  private static boolean hasTask(KafkaStreams started) {
    return started.metadataForLocalThreads().stream()
        .anyMatch(thread -> !thread.activeTasks().isEmpty());
  }

  private boolean awaitTopics() {
    long deadline = System.nanoTime() + settings.topicsTimeout().toNanos();
    while (!missingTopics(1).isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            name
                + " cannot start: after "
                + settings.topicsTimeout().toSeconds()
                + " s these topics are missing; the API server makes them: "
                + String.join(", ", missingTopics(Integer.MAX_VALUE)));
      }
      if (isClosingWithin(TOPICS_POLL)) {
        return false;
      }
    }
    return true;
  }

  /** No more of them than somebody wants to know: each is a question to Kafka. */
  private List<String> missingTopics(int atMost) {
    List<String> missing = new ArrayList<>();
    for (String topic : new TreeSet<>(topology.topics())) {
      try {
        if (log.topicId(topic).isEmpty()) {
          missing.add(topic);
        }
      } catch (LogUnavailableException e) {
        missing.add(topic + " (Kafka does not answer)");
        return missing;
      }
      if (missing.size() >= atMost) {
        return missing;
      }
    }
    return missing;
  }

  private boolean isClosingWithin(Duration time) {
    try {
      return closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Stops within a bounded time and hands over to another process, if there is one. */
  @Override
  public void close() {
    closing.countDown();
    synchronized (this) {
      if (streams != null) {
        hide.run();
        // Only a member with an instance id has to be told; any other leaves anyway.
        boolean leave = settings.instanceId().isPresent();
        streams.close(new KafkaStreams.CloseOptions().timeout(CLOSE_TIMEOUT).leaveGroup(leave));
      }
    }
    lookups.shutdownNow();
  }
}
