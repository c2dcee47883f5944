package dev.shiplog.standalone;

import dev.shiplog.api.http.ConnectionPatience;
import dev.shiplog.api.runtime.HostedApi;
import dev.shiplog.standalone.log.UnreadLog;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.TopicLog;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A whole cluster within somebody else's process, a test's for example: what {@link Cluster} brings
 * up, but without Quarkus, without a word on the terminal, and without ending the process when
 * something is wrong. Several may run side by side. Used by one thread at a time.
 */
public final class InProcessCluster implements AutoCloseable {

  private final UpOptions options;
  private final FaultHandler faults;
  private final Deque<AutoCloseable> started = new ConcurrentLinkedDeque<>();
  private String bootstrapServers = "";

  private InProcessCluster(UpOptions options, FaultHandler faults) {
    this.options = options;
    this.faults = faults;
  }

  /**
   * Brings a cluster up, and returns when it is ready.
   *
   * @param faults told when a part can no longer be trusted; the cluster is of no use after that
   * @throws StartFailure if it cannot start; nothing is left running then
   */
  public static InProcessCluster start(UpOptions options, FaultHandler faults) {
    UnreadLog.spare();
    ConnectionPatience.askNetty();
    InProcessCluster cluster = new InProcessCluster(options, faults);
    try {
      cluster.start();
      return cluster;
    } catch (Exception e) {
      cluster.close();
      throw e instanceof StartFailure known
          ? known
          : new IllegalStateException("the cluster did not start", e);
    }
  }

  /** URL of the API server. */
  public String server() {
    return options.server();
  }

  /** A kubeconfig of an administrator. */
  public Path kubeconfig() {
    return options.kubeconfig();
  }

  /** Where the Kafka is reached that the cluster's state is in. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** What was started last stops first. */
  @Override
  public void close() {
    RuntimeException failed = null;
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        failed = failed == null ? new IllegalStateException("a part did not stop", e) : failed;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  /**
   * What does not wait for each other is done at once: a first start is for the most part loading
   * classes.
   */
  private void start() throws Exception {
    keep(options.data().take());
    ExecutorService beside = Executors.newThreadPerTaskExecutor(Thread::new);
    Future<Ahead> ahead = beside.submit(this::ahead);
    try {
      Kafka kafka =
          keep(
              Kafka.start(
                  options.data(),
                  options.kafka(),
                  options.kafkaProperties(),
                  Optional.empty(),
                  this::brokerFailed));
      bootstrapServers = kafka.bootstrapServers();
      startParts(kafka, result(ahead), beside);
    } finally {
      beside.close();
      if (ahead.state() == Future.State.SUCCESS) {
        // They stop first, whichever was there first.
        keep(ahead.resultNow().parts());
      }
    }
  }

  /** What Kafka is not needed for. */
  private record Ahead(Identities identities, Parts parts, HostedApi api) {}

  private Ahead ahead() {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    keep(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
    Identities identities = Identities.prepare(options);
    Parts parts = new Parts(options, silent(), identities, faults);
    try {
      parts.openAhead();
      return new Ahead(identities, parts, HostedApi.prepare(vertx, listen(identities)));
    } catch (RuntimeException | Error e) {
      parts.close();
      throw e;
    }
  }

  private void startParts(Kafka kafka, Ahead ahead, ExecutorService beside) throws Exception {
    Future<?> preparing = beside.submit(ahead.parts().on(kafka)::prepare);
    try {
      startApi(kafka, ahead);
      result(preparing);
    } finally {
      preparing.cancel(true);
      beside.close();
    }
    ahead.parts().complete();
    writeKubeconfig(ahead.identities());
  }

  /** With a token: a key that any client reads takes longer to make than all other identities. */
  private void writeKubeconfig(Identities identities) {
    String token = identities.pki().adminToken(options.data().adminToken());
    Kubeconfig.withToken(options.server(), identities.pki().authorityCertificate(), token)
        .write(options.kubeconfig());
  }

  private static <T> T result(Future<T> done) throws Exception {
    try {
      return done.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void startApi(Kafka kafka, Ahead ahead) throws Exception {
    TopicLog log = keep(LogOfBroker.open(kafka.settings().as("shiplog-api"), kafka.embedded()));
    ahead
        .api()
        .start(new ApiConfiguration(options, kafka, ahead.identities()).settings(), log, faults);
    keep(ahead.api());
  }

  private HostedApi.Listen listen(Identities identities) {
    return new HostedApi.Listen(
        options.bind(),
        options.port(),
        identities.apiServer().certificate(),
        identities.apiServer().key(),
        identities.pki().authorityCertificate());
  }

  private void brokerFailed(String why) {
    faults.fault("the embedded Kafka broker failed", new IllegalStateException(why));
  }

  private static Progress silent() {
    return new Progress(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
        System::nanoTime);
  }

  private <T extends AutoCloseable> T keep(T part) {
    started.push(part);
    return part;
  }
}
