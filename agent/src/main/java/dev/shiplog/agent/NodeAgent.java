package dev.shiplog.agent;

import dev.shiplog.agent.assignments.AssignmentListener;
import dev.shiplog.agent.csi.NodeStorage;
import dev.shiplog.agent.csi.NodeWithoutDrivers;
import dev.shiplog.agent.eviction.EvictionRules;
import dev.shiplog.agent.eviction.Evictor;
import dev.shiplog.agent.eviction.NodeGauges;
import dev.shiplog.agent.node.NodeReporter;
import dev.shiplog.agent.pod.NodeContext;
import dev.shiplog.agent.pod.NodePods;
import dev.shiplog.agent.pod.ShutdownPeriods;
import dev.shiplog.agent.staticpods.StaticPods;
import io.fabric8.kubernetes.api.model.Node;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * One node: it registers it, keeps its lease and status, and runs the pods that are assigned to it.
 * Several may live in one process and share what {@link AgentServices} holds; whoever makes them
 * passes their {@link #assignments} to one {@code AssignmentFollower}.
 *
 * <p>Nothing here blocks.
 */
public final class NodeAgent implements AutoCloseable {

  private final NodeContext context;
  private final NodePods pods;
  private final NodeReporter reporter;
  private final NodeWithoutDrivers driverless;
  private StaticPods staticPods;
  private Evictor evictor;
  private NodeStorage storage;

  /** An agent that does nothing until it is started. The caller keeps and closes the runtime. */
  public NodeAgent(NodeContext context) {
    this.context = context;
    pods = new NodePods(context);
    reporter = new NodeReporter(context.settings(), context.services(), context.runtime());
    driverless = new NodeWithoutDrivers(context.services());
  }

  public String name() {
    return context.settings().name();
  }

  /** What is to be told of the node's assignments. */
  public AssignmentListener assignments() {
    return pods;
  }

  /** The node's pods as they are, for whoever serves them. */
  public NodePods pods() {
    return pods;
  }

  public NodeContext context() {
    return context;
  }

  /** Has the node run the pods in a directory too; to be called before the start. */
  public void runPodsIn(Path directory) {
    staticPods = new StaticPods(directory, name(), context.services(), pods, reporter.registered());
  }

  /** Has the node watch what it has left; to be called before the start. */
  public void watch(NodeGauges gauges, EvictionRules rules) {
    evictor =
        new Evictor(
            context,
            pods,
            gauges,
            rules,
            pressures -> {
              pods.under(pressures);
              reporter.under(pressures);
            });
  }

  /**
   * Has storage drivers register with the node; to be called before the start. The agent closes it.
   */
  public void mountBy(NodeStorage drivers) {
    storage = drivers;
    storage.recall();
    reporter.tellOf(storage.volumes());
  }

  /** Registers the node and begins to report it. */
  public void start() {
    reporter.start();
    var _ = reporter.registered().thenAccept(storage == null ? driverless::tellOf : storage::start);
    if (staticPods != null) {
      staticPods.start();
    }
    if (evictor != null) {
      evictor.start();
    }
  }

  /** Completes once the node is registered and its status says how it is reached. */
  public CompletableFuture<Node> registered() {
    return reporter.registered();
  }

  /**
   * Says that the node shuts down, and ends its pods in the order of their priorities; to be called
   * before {@link #close}. Blocks until they have ended or their time is over.
   */
  public void shutDown(ShutdownPeriods periods) {
    reporter.shuttingDown();
    pods.shutDown(periods);
  }

  /** Stops working. Containers go on running and are adopted by the next agent. */
  @Override
  public void close() {
    if (evictor != null) {
      evictor.close();
    }
    if (staticPods != null) {
      staticPods.close();
    }
    reporter.close();
    pods.close();
    driverless.close();
    if (storage != null) {
      storage.close();
    }
    context.events().close();
  }
}
