package dev.shiplog.standalone;

import dev.shiplog.broker.RemoteListener;
import dev.shiplog.topics.catalogue.TopicNames;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Brings everything up in order and takes it down in reverse: the data directory's lock,
 * identities, Kafka, then Quarkus with the API server, and once that serves, what reads and writes
 * through it.
 */
public final class Cluster {

  private static final Logger LOG = Logger.getLogger(Cluster.class);

  /**
   * Longer than the parts' own bounds together, beside what pods are given; past it the process
   * ends without them.
   */
  private static final Duration STOP_BOUND = Duration.ofSeconds(45);

  private final UpOptions options;
  private final Progress progress;

  private Cluster(UpOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Runs a cluster until the process is told to stop.
   *
   * @return the process's exit code
   * @throws StartFailure if it cannot start, with nothing left running
   */
  public static int run(UpOptions options) {
    return new Cluster(options, new Progress(System.out, System::nanoTime)).run();
  }

  private int run() {
    CountDownLatch stopped = new CountDownLatch(1);
    try (AutoCloseable _ = options.data().take()) {
      Preflight.check(options);
      RunningCluster.retract(options.data());
      options.data().notePodsHave(options.shutdown().total());
      keepProcessUntil(stopped);
      progress.say("Shiplog keeps its data in " + options.data().path());
      Identities identities = Identities.prepare(options);
      progress.up("certificates", options.data().pki().toString());
      try (Kafka kafka =
          Kafka.start(
              options.data(),
              options.kafka(),
              options.kafkaProperties(),
              forNodes(identities),
              Kafka::endProcess)) {
        kafka.admitNodes(new TopicNames(options.prefix()));
        progress.up("kafka", kafka.description());
        return serve(kafka, identities);
      }
    } catch (StartFailure e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      stopped.countDown();
    }
  }

  private Optional<RemoteListener> forNodes(Identities identities) {
    return options
        .kafkaListen()
        .map(listen -> Kafka.listener(listen, options.advertised(listen), identities));
  }

  private int serve(Kafka kafka, Identities identities) {
    new ApiConfiguration(options, kafka, identities).apply();
    return StandaloneApplication.run(
        new Parts(options, progress, identities, this::endOnFault).on(kafka));
  }

  /** A broken invariant: the process ends rather than going on wrongly; a new start recovers. */
  private void endOnFault(String what, Throwable cause) {
    LOG.fatal(what, cause);
    System.err.println("shiplog: " + what + "; the reason is in " + options.data().log());
    Runtime.getRuntime().halt(1);
  }

  /**
   * Quarkus stops on the signal and gives control back to {@link #run}, which still has to close
   * Kafka: the JVM must not end before that.
   */
  private void keepProcessUntil(CountDownLatch stopped) {
    Duration atMost = STOP_BOUND.plus(options.shutdown().total());
    Runnable wait =
        () -> {
          try {
            if (!stopped.await(atMost.toSeconds(), TimeUnit.SECONDS)) {
              System.err.println("shiplog: some parts did not stop in time");
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Runtime.getRuntime().addShutdownHook(new Thread(wait, "shiplog-stop"));
  }
}
