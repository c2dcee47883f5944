package dev.shiplog.standalone;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.NodeAgent;
import dev.shiplog.agent.assignments.AssignmentFollower;
import dev.shiplog.agent.assignments.AssignmentListener;
import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.cluster.Fabric8ClusterClient;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.config.ServiceSource;
import dev.shiplog.agent.events.EventRecorder;
import dev.shiplog.agent.files.DirectoryPodFiles;
import dev.shiplog.agent.node.Machine;
import dev.shiplog.agent.node.NodeSettings;
import dev.shiplog.agent.pod.NodeContext;
import dev.shiplog.agent.probes.RealProber;
import dev.shiplog.agent.reach.PodNetwork;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.server.NodePodLogs;
import dev.shiplog.agent.server.NodeServer;
import dev.shiplog.agent.server.ServerTls;
import dev.shiplog.agent.time.SystemTimers;
import dev.shiplog.standalone.pki.CertFiles;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.LogSource;
import io.fabric8.kubernetes.api.model.NodeAddressBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The nodes of this process, one on containerd or several simulated ones, with what they share: a
 * client of the API server, a follower of assignments, a server for logs. Used by one thread.
 */
final class Nodes implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";

  private final UpOptions options;
  private final Identities identities;
  private final FaultHandler faults;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final List<NodeAgent> agents = new ArrayList<>();
  private final NodePodLogs logs = new NodePodLogs();

  private Nodes(UpOptions options, Identities identities, FaultHandler faults) {
    this.options = options;
    this.identities = identities;
    this.faults = faults;
  }

  /** Starts the nodes on a runtime; the caller closes that after this. */
  static Nodes start(
      UpOptions options,
      Identities identities,
      NodeRuntime runtime,
      LogSource log,
      FaultHandler faults) {
    Nodes nodes = new Nodes(options, identities, faults);
    try {
      nodes.start(runtime, log);
      return nodes;
    } catch (IOException e) {
      nodes.close();
      throw new StartFailure("the node's server cannot listen: " + StartFailure.describe(e));
    } catch (RuntimeException e) {
      nodes.close();
      throw e;
    }
  }

  /** The nodes' names, separated by commas. */
  String names() {
    return agents.size() > 3
        ? agents.getFirst().name() + " … " + agents.getLast().name()
        : String.join(", ", agents.stream().map(NodeAgent::name).toList());
  }

  /** Stops working; containers go on running until their runtime is told to stop them. */
  @Override
  public void close() {
    agents.reversed().forEach(NodeAgent::close);
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void start(NodeRuntime runtime, LogSource log) throws IOException {
    Vertx vertx = Vertx.vertx();
    keep(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
    PodNetwork network = runtime.network(vertx);
    NodeServer server = keep(serve());
    ClusterClient cluster = new Fabric8ClusterClient(keep(client(runtime.names().getFirst())));
    ExecutorService threads = keep(Executors.newVirtualThreadPerTaskExecutor());
    SystemTimers timers = keep(new SystemTimers());
    AgentServices services =
        new AgentServices(cluster, timers, threads, new SplittableRandom(), faults);
    Map<String, AssignmentListener> listeners = new LinkedHashMap<>();
    for (String name : runtime.names()) {
      NodeAgent agent =
          agent(settings(name, server.port(), runtime), services, runtime.of(name), network);
      agents.add(agent);
      listeners.put(name, agent.assignments());
      agent.start();
    }
    follow(log, listeners);
  }

  private void follow(LogSource log, Map<String, AssignmentListener> listeners) {
    keep(new AssignmentFollower(
            log,
            new TopicNames(options.prefix()).assignments(),
            TopicCatalogue.DEFAULT_ASSIGNMENT_PARTITIONS,
            listeners,
            faults))
        .start();
  }

  private NodeAgent agent(
      NodeSettings settings, AgentServices services, PodRuntime runtime, PodNetwork network) {
    ConfigSource config = new ConfigSource(services.cluster(), services.timers());
    DirectoryPodFiles files =
        new DirectoryPodFiles(settings, config, services.cluster(), services.timers());
    NodeAgent agent =
        new NodeAgent(
            new NodeContext(
                settings,
                services,
                runtime,
                files,
                config,
                ServiceSource.NONE,
                new RealProber(runtime, network),
                network,
                new EventRecorder(services, settings.name())));
    logs.add(agent.pods(), files);
    return agent;
  }

  private NodeSettings settings(String name, int port, NodeRuntime runtime) {
    DataDirectory data = options.data();
    return new NodeSettings(
        name,
        List.of(
            new NodeAddressBuilder()
                .withType(NodeSettings.INTERNAL_IP)
                .withAddress(LOOPBACK)
                .build(),
            new NodeAddressBuilder().withType("Hostname").withAddress(name).build()),
        port,
        data.node(name),
        data.node(name).resolve("logs"),
        Machine.capacity(data.path()),
        Map.of(),
        Map.of(),
        List.of(),
        runtime.podSubnet(name),
        NodeSettings.ClusterDns.NONE);
  }

  private NodeServer serve() throws IOException {
    CertFiles own =
        identities.pki().server("kubelet", "kubelet", "", List.of("localhost", LOOPBACK));
    return NodeServer.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new ServerTls(own.certificate(), own.key(), identities.pki().authorityCertificate()),
        logs,
        InstantSource.system());
  }

  /** One node shows who it is; several simulated ones share an identity that may act for each. */
  private KubernetesClient client(String node) {
    CertFiles certificate =
        options.nodes() == 1
            ? identities.pki().client("node-" + node, "system:node:" + node, "system:nodes")
            : identities
                .pki()
                .client("simulated-nodes", "simulated-nodes", Identities.ADMINISTRATORS);
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(options.server())
            .withCaCertFile(identities.pki().authorityCertificate().toString())
            .withClientCertFile(certificate.certificate().toString())
            .withClientKeyFile(certificate.key().toString())
            .withClientKeyAlgo("EC")
            .withHttp2Disable(true)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }
}
