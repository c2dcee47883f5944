package dev.shiplog.standalone;

import dev.shiplog.agent.node.NodeSettings.ClusterDns;
import dev.shiplog.broker.BrokerSettings;
import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.scheduler.SchedulerApp;
import dev.shiplog.scheduler.config.SchedulerConfiguration;
import dev.shiplog.streams.ControllersApp;
import dev.shiplog.streams.controllers.autoscaling.ReaderMetricSource;
import dev.shiplog.streams.kit.kafka.StreamsSettings;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.TopicLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jboss.logging.Logger;

/**
 * The parts beside the API server: controllers, scheduler, nodes. They come up in this order and go
 * down in reverse, all bounded in time. Used by one thread at a time.
 */
final class Parts implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Parts.class);

  private final UpOptions options;
  private final Progress progress;
  private final Identities identities;
  private final FaultHandler faults;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private Kafka kafka;
  private MetricsReader metrics;
  private SchedulerConfiguration scheduler;
  private NodeRuntime runtime;
  private NodeAccess access;
  private Nodes nodes;

  Parts(UpOptions options, Progress progress, Identities identities, FaultHandler faults) {
    this.options = options;
    this.progress = progress;
    this.identities = identities;
    this.faults = faults;
  }

  /** Opens what takes neither Kafka nor an API server; otherwise each is opened with its part. */
  void openAhead() {
    if (!options.without().allControllers()) {
      var _ = metrics();
    }
    if (!options.without().scheduler()) {
      var _ = scheduler();
    }
    if (!options.without().agent()) {
      var _ = access();
    }
  }

  /** Says what Kafka they run on; before all but {@link #openAhead}. */
  Parts on(Kafka running) {
    kafka = running;
    return this;
  }

  Optional<EmbeddedBroker> broker() {
    return kafka.embedded();
  }

  /** Starts them beside an API server that serves, and tells the user where it is. */
  void start() {
    progress.up("api", options.server());
    prepare();
    complete();
    announce();
  }

  /**
   * Starts what waits for the API server by itself, which need not serve yet. An interrupt ends it
   * early; then only {@link #close} is left to call.
   */
  void prepare() {
    TopicLog log = keep(LogOfBroker.open(kafka.settings().as("shiplog-parts"), broker()));
    if (!options.without().allControllers()) {
      startControllers(log);
    }
    if (!options.without().scheduler()) {
      startScheduler(log);
    }
    if (!options.without().agent()) {
      openNodes(log);
    }
  }

  /** Registers the nodes with the API server, which serves now. */
  void complete() {
    if (nodes != null) {
      nodes.work();
      progress.up("node", nodes.names() + " (" + runtime.description() + ")");
    }
  }

  /** What was started last stops first. One that fails to stop does not keep the others from it. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warnf(e, "%s did not stop cleanly", part.getClass().getSimpleName());
      }
    }
  }

  private void startControllers(TopicLog log) {
    ControllersApp controllers =
        keep(
            new ControllersApp(
                options.without().controllers(),
                new ControllersApp.Surroundings(
                    Optional.of(identities.pki().authorityPem()),
                    new ReaderMetricSource(metrics()::read)),
                streams(),
                log,
                faults));
    controllers.start();
    progress.up("controllers", String.join(", ", controllers.names()));
  }

  private void startScheduler(TopicLog log) {
    SchedulerApp app = keep(new SchedulerApp(scheduler(), streams(), log, faults));
    app.start();
    progress.up("scheduler", SchedulerSettings.names(scheduler()));
  }

  private void openNodes(TopicLog log) {
    nodes = keep(Nodes.open(nodePlan(), access(), runtime, log, faults));
  }

  private MetricsReader metrics() {
    if (metrics == null) {
      metrics = keep(new MetricsReader(options, identities));
    }
    return metrics;
  }

  private SchedulerConfiguration scheduler() {
    if (scheduler == null) {
      scheduler = SchedulerSettings.read(options.schedulerConfig(), options.schedulerPlugins());
    }
    return scheduler;
  }

  /** Along with the runtime of the nodes. */
  private NodeAccess access() {
    if (access == null) {
      runtime = keep(NodeRuntime.start(options.runtimeWish(), progress));
      access =
          keep(
              new OwnNodes(
                  new ApiAddress(options.server(), identities.pki().authorityCertificate()),
                  runtime.names().getFirst(),
                  identities));
    }
    return access;
  }

  private NodePlan nodePlan() {
    return new NodePlan(
        options.data(),
        new TopicNames(options.prefix()),
        options.assignmentPartitions(),
        BrokerSettings.LOOPBACK,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        ApiForPods.isNeeded(options.bind()) ? OptionalInt.of(options.port()) : OptionalInt.empty(),
        PodGateway.ADDRESS,
        new ClusterDns(List.of(ClusterNetwork.DNS), ClusterNetwork.DOMAIN),
        Map.of(),
        List.of(),
        options.shutdown(),
        options.eviction());
  }

  private void announce() {
    Kubeconfig kubeconfig =
        Kubeconfig.withCertificate(
            options.server(), identities.pki().authorityCertificate(), identities.administrator());
    kubeconfig.write(options.kubeconfig());
    RunningCluster.announce(options.data(), options.server());
    giveBackMemory();
    progress.say("export KUBECONFIG=" + options.kubeconfig());
    progress.ready();
  }

  /**
   * What was restored stays, and what restoring it took is garbage: the heap shrinks to the one.
   */
  private static void giveBackMemory() {
    System.gc();
  }

  private StreamsSettings streams() {
    StreamsSettings alone =
        StreamsSettings.alone(kafka.bootstrapServers(), new TopicNames(options.prefix()))
            .with(kafka.properties());
    return options.kafka().isEmpty() ? alone : alone.as(options.peerAddress());
  }

  private <T extends AutoCloseable> T keep(T part) {
    started.push(part);
    return part;
  }
}
