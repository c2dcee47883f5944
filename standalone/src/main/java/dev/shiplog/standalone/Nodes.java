package dev.shiplog.standalone;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.NodeAgent;
import dev.shiplog.agent.assignments.AssignmentFollower;
import dev.shiplog.agent.assignments.AssignmentListener;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.config.ServiceSource;
import dev.shiplog.agent.csi.NodeStorage;
import dev.shiplog.agent.dns.DnsServer;
import dev.shiplog.agent.events.EventRecorder;
import dev.shiplog.agent.events.TalkBudget;
import dev.shiplog.agent.eviction.NodeGauges;
import dev.shiplog.agent.files.DirectoryPodFiles;
import dev.shiplog.agent.files.PodFiles;
import dev.shiplog.agent.files.UnwrittenPodFiles;
import dev.shiplog.agent.metrics.KubeletMetrics;
import dev.shiplog.agent.metrics.VolumeMetrics;
import dev.shiplog.agent.node.Machine;
import dev.shiplog.agent.node.NodeSettings;
import dev.shiplog.agent.pod.NodeContext;
import dev.shiplog.agent.policy.PolicyEnforcer;
import dev.shiplog.agent.policy.PolicyFollower;
import dev.shiplog.agent.proxy.ServiceFollower;
import dev.shiplog.agent.proxy.ServiceProxy;
import dev.shiplog.agent.reach.PodNetwork;
import dev.shiplog.agent.routes.HostRoutes;
import dev.shiplog.agent.routes.NodeFollower;
import dev.shiplog.agent.routes.PodRoutes;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.server.MeteredNodes;
import dev.shiplog.agent.server.NodeDoor;
import dev.shiplog.agent.server.NodePodLogs;
import dev.shiplog.agent.server.NodeServer;
import dev.shiplog.agent.server.ServerTls;
import dev.shiplog.agent.simulated.SimulatedUsage;
import dev.shiplog.agent.time.SteadyClock;
import dev.shiplog.agent.time.SystemTimers;
import dev.shiplog.agent.usage.MachineUsage;
import dev.shiplog.agent.usage.NodeDisks;
import dev.shiplog.agent.usage.UsageMeter;
import dev.shiplog.agent.usage.UsageSampling;
import dev.shiplog.agent.usage.UsageSource;
import dev.shiplog.agent.usage.VolumeSamples;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.metrics.ProcessMetrics;
import io.fabric8.kubernetes.api.model.NodeAddressBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * The nodes of this process, one on containerd or several simulated ones, with what they share: a
 * follower of assignments, a server for logs and streams. Used by one thread.
 */
final class Nodes implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Nodes.class);

  private static final Duration REGISTERED = Duration.ofSeconds(60);
  private static final Duration LAST_WORK = Duration.ofSeconds(3);
  private static final int DNS_PORT = 53;
  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

  private final NodePlan plan;
  private final NodeAccess access;
  private final NodeRuntime runtime;
  private final LogSource log;
  private final FaultHandler faults;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final List<NodeAgent> agents = new ArrayList<>();
  private final NodePodLogs logs = new NodePodLogs();
  private final MeteredNodes meters = new MeteredNodes();
  private final TalkBudget events = TalkBudget.ofAllNodes();
  private final KubeletMetrics kubelet = new KubeletMetrics(ProcessMetrics.here().registry());
  private final VolumeMetrics fill = new VolumeMetrics(ProcessMetrics.here().registry());
  private final Map<String, AssignmentListener> listeners = new LinkedHashMap<>();
  private NodeServer server;
  private AssignmentFollower follower;

  private Nodes(
      NodePlan plan, NodeAccess access, NodeRuntime runtime, LogSource log, FaultHandler faults) {
    this.plan = plan;
    this.access = access;
    this.runtime = runtime;
    this.log = log;
    this.faults = faults;
  }

  /** Starts the nodes on a runtime; the caller closes that, and the access, after this. */
  static Nodes start(
      NodePlan plan, NodeAccess access, NodeRuntime runtime, LogSource log, FaultHandler faults) {
    Nodes nodes = open(plan, access, runtime, log, faults);
    try {
      nodes.work();
      return nodes;
    } catch (RuntimeException e) {
      nodes.close();
      throw e;
    }
  }

  /** Prepares them as far as that goes without an API server; {@link #work} is to follow. */
  static Nodes open(
      NodePlan plan, NodeAccess access, NodeRuntime runtime, LogSource log, FaultHandler faults) {
    Nodes nodes = new Nodes(plan, access, runtime, log, faults);
    try {
      nodes.open();
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

  /** Whether the thread that follows assignments makes progress. Any thread. */
  boolean isTurning() {
    return follower.isTurning();
  }

  /** Whether all that is assigned to the nodes was read. Any thread. */
  boolean hasCaughtUp() {
    return follower.hasCaughtUp();
  }

  /** Has the nodes' server show another certificate from now on. */
  void show(ServerTls tls) {
    server.show(tls);
  }

  /** Stops working; containers go on running until their runtime is told to stop them. */
  @Override
  public void close() {
    shutDownPods();
    agents.reversed().forEach(NodeAgent::close);
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Side by side, since each takes its time. */
  private void shutDownPods() {
    if (!plan.shutdown().isNone()) {
      CompletableFuture.allOf(
              agents.stream()
                  .map(agent ->
                      CompletableFuture.runAsync(
                          () -> agent.shutDown(plan.shutdown()), Thread::startVirtualThread))
                  .toArray(CompletableFuture[]::new))
          .join();
    }
  }

  /** Reports the nodes, and takes on what is assigned to them; returns once they are known. */
  void work() {
    agents.forEach(NodeAgent::start);
    follow();
    awaitRegistered();
  }

  private void open() throws IOException {
    keep(ProcessMetrics.here().beforeEachPage(kubelet::look)::run);
    keep(ProcessMetrics.here().beforeEachPage(fill::look)::run);
    Vertx vertx = Vertx.vertx();
    keep(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
    PodNetwork network = runtime.network(vertx);
    server =
        keep(
            NodeServer.start(
                plan.listen(),
                access.serving(),
                door(runtime.names()),
                logs,
                meters,
                InstantSource.system()));
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    keep(() -> end(threads));
    SystemTimers timers = keep(new SystemTimers());
    ServiceSource known = services(vertx);
    for (String name : runtime.names()) {
      AgentServices services =
          new AgentServices(access.of(name), timers, threads, new SplittableRandom(), faults);
      NodeAgent agent = agent(settings(name, server.port()), services, network, known);
      agents.add(agent);
      if (!(runtime instanceof SimulatedNodes)) {
        agent.runPodsIn(plan.data().staticPods());
        agent.watch(
            NodeGauges.ofThisHost(plan.data().path(), agent.context().runtime().storageDirectory()),
            plan.eviction());
      }
      listeners.put(name, agent.assignments());
    }
  }

  private NodeDoor door(List<String> names) {
    String only = names.size() == 1 ? names.getFirst() : "";
    return new NodeDoor(access.of(names.getFirst()).reviews(), () -> only, new SteadyClock());
  }

  /** A cluster is ready when its nodes can be asked; those that are slow come in later. */
  private void awaitRegistered() {
    try {
      CompletableFuture.allOf(
              agents.stream().map(NodeAgent::registered).toArray(CompletableFuture[]::new))
          .get(REGISTERED.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warnf("not every node is registered after %d s", REGISTERED.toSeconds());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    follower =
        keep(
            new AssignmentFollower(
                log, plan.topics().assignments(), plan.assignmentPartitions(), listeners, faults));
    follower.start();
  }

  /** Services as pods find them in their environment; the proxy leads traffic to them. */
  private ServiceSource services(Vertx vertx) throws IOException {
    Optional<ServiceProxy> proxy = runtime.proxy();
    if (proxy.isEmpty()) {
      return ServiceSource.NONE;
    }
    keep(proxy.get()).start();
    ServiceFollower services = keep(new ServiceFollower(log, plan.topics(), faults));
    services.onChange(proxy.get()::update);
    services.start();
    runtime.policies().ifPresent(this::enforce);
    runtime.routes().ifPresent(routes -> lead(routes, runtime.names().getFirst()));
    serveToPods(services, vertx);
    return namespace -> services.view().map(view -> view.services(namespace)).orElseGet(List::of);
  }

  private void enforce(PolicyEnforcer enforcer) {
    keep(enforcer).start();
    keep(new PolicyFollower(log, plan.topics(), enforcer, faults)).start();
  }

  private void lead(HostRoutes host, String node) {
    PodRoutes routes = new PodRoutes(host);
    keep(routes::clear);
    keep(routes).start();
    keep(new NodeFollower(log, plan.topics(), node, routes::want, faults)).start();
  }

  /** What pods ask this machine for: the API server and names. */
  private void serveToPods(ServiceFollower services, Vertx vertx) throws IOException {
    keep(PodGateway.open(plan.gateway()));
    if (plan.localApi().isPresent()) {
      keep(ApiForPods.start(vertx, plan.gateway(), plan.localApi().getAsInt()));
    }
    keep(
        DnsServer.start(
            new InetSocketAddress(InetAddress.ofLiteral(plan.gateway()), DNS_PORT),
            ClusterNetwork.DOMAIN,
            services::view,
            RESOLV_CONF));
  }

  private static PodFiles files(
      Optional<NodeStorage> storage,
      NodeSettings settings,
      ConfigSource config,
      AgentServices services) {
    return storage.isEmpty()
        ? new UnwrittenPodFiles(settings, config)
        : new DirectoryPodFiles(
            settings, config, services.cluster(), services.timers(), storage.get());
  }

  /** Drivers have nothing to mount for containers that do not exist. */
  private Optional<NodeStorage> storage(NodeSettings settings, AgentServices services) {
    return runtime instanceof SimulatedNodes
        ? Optional.empty()
        : Optional.of(new NodeStorage(settings.name(), settings.dataDirectory(), services));
  }

  private NodeAgent agent(
      NodeSettings settings, AgentServices services, PodNetwork network, ServiceSource known) {
    PodRuntime measured = kubelet.measure(runtime.of(settings.name()));
    ConfigSource config = new ConfigSource(services.cluster(), services.timers());
    Optional<NodeStorage> storage = storage(settings, services);
    PodFiles files = files(storage, settings, config, services);
    NodeAgent agent =
        new NodeAgent(
            new NodeContext(
                settings,
                services,
                measured,
                files,
                config,
                known,
                runtime.prober(settings.name(), measured, network),
                network,
                new EventRecorder(services, settings.name(), EventRecorder.GATHERING, events)));
    storage.ifPresent(agent::mountBy);
    logs.add(agent.pods(), files);
    meter(agent, services);
    return agent;
  }

  /** Counters become rates by being looked at now and then; simulated ones are rates at once. */
  private void meter(NodeAgent agent, AgentServices services) {
    NodeSettings settings = agent.context().settings();
    boolean simulated = runtime instanceof SimulatedNodes;
    UsageSource source =
        simulated
            ? new SimulatedUsage(agent.pods()::pods, memory(settings), services.timers())
            : new MachineUsage(agent.context().runtime(), services.timers());
    VolumeSamples volumes = new VolumeSamples(agent.context().files(), agent.pods()::pods);
    UsageMeter meter =
        new UsageMeter(agent.name(), source, agent.pods()::pods, services.timers()::steady)
            .with(volumes);
    var disks = new NodeDisks(plan.data().path(), agent.context().runtime(), services.timers());
    meters.add(simulated ? meter : meter.with(disks));
    if (!simulated) {
      keep(UsageSampling.start(meter, services));
      keep(volumes.start(services));
      keep(fill.add(volumes)::run);
    }
  }

  private static long memory(NodeSettings settings) {
    return settings.capacity().get("memory").getNumericalAmount().longValue();
  }

  private NodeSettings settings(String name, int port) {
    DataDirectory data = plan.data();
    return new NodeSettings(
        name,
        List.of(
            new NodeAddressBuilder()
                .withType(NodeSettings.INTERNAL_IP)
                .withAddress(plan.address())
                .build(),
            new NodeAddressBuilder().withType("Hostname").withAddress(name).build()),
        port,
        data.node(name),
        data.node(name).resolve("logs"),
        Machine.capacity(data.path()),
        Map.of(),
        plan.labels(),
        plan.taints(),
        runtime.podSubnet(name),
        runtime instanceof SimulatedNodes ? NodeSettings.ClusterDns.NONE : plan.dns());
  }

  /** What still waits for an API server that is away is broken off: the pods are not to wait. */
  private static void end(ExecutorService threads) throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(LAST_WORK.toSeconds(), TimeUnit.SECONDS)) {
      threads.shutdownNow();
      if (!threads.awaitTermination(LAST_WORK.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("some of the nodes' work did not end in time");
      }
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }
}
