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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
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
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
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
    try {
      Future<Identities> prepared = beside.submit(() -> Identities.prepare(options));
      Kafka kafka =
          keep(
              Kafka.start(
                  options.data(),
                  options.kafka(),
                  options.kafkaProperties(),
                  Optional.empty(),
                  this::brokerFailed));
      bootstrapServers = kafka.bootstrapServers();
      startParts(kafka, result(prepared), beside);
    } finally {
      beside.close();
    }
  }

  private void startParts(Kafka kafka, Identities identities, ExecutorService beside)
      throws Exception {
    Parts parts = new Parts(options, silent(), kafka, identities, faults);
    Future<?> preparing = beside.submit(parts::prepare);
    try {
      startApi(kafka, identities);
      result(preparing);
    } finally {
      preparing.cancel(true);
      beside.close();
      // They stop first, whichever was there first.
      keep(parts);
    }
    parts.complete();
    writeKubeconfig(identities);
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

  private void startApi(Kafka kafka, Identities identities) throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    keep(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
    TopicLog log = keep(LogOfBroker.open(kafka.settings().as("shiplog-api"), kafka.embedded()));
    keep(
        HostedApi.start(
            vertx,
            new HostedApi.Listen(
                options.bind(),
                options.port(),
                identities.apiServer().certificate(),
                identities.apiServer().key(),
                identities.pki().authorityCertificate()),
            new ApiConfiguration(options, kafka, identities).settings(),
            log,
            faults));
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
