package dev.shiplog.agent.node;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.runtime.ImageInfo;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.work.Periodic;
import dev.shiplog.agent.work.SerialExecutor;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Registers the node and keeps its status true: looked at every ten seconds, written when it
 * changed and at least every five minutes. The lease starts once the node is registered.
 *
 * <p>A node that is deleted while its agent runs stays deleted until the agent starts again, as
 * users of Kubernetes expect.
 *
 * <p>State belongs to one serial executor.
 */
public final class NodeReporter implements AutoCloseable {

  static final Duration LOOK_EVERY = Duration.ofSeconds(10);
  static final Duration WRITE_AT_LEAST_EVERY = Duration.ofMinutes(5);

  /** Shorter than the ordinary turn: without its registration a node gets no pods. */
  static final Duration REGISTER_AGAIN_AFTER = Duration.ofSeconds(1);

  /** What was decided of the node while it counted as gone may be written after its return. */
  static final Duration DOUBT_AFTER_RETURN = Duration.ofMinutes(1);

  private static final Logger LOG = Logger.getLogger(NodeReporter.class);

  private final NodeSettings settings;
  private final AgentServices services;
  private final PodRuntime runtime;
  private final NodeObject object;
  private final Periodic periodic;
  private final CompletableFuture<Node> registered = new CompletableFuture<>();

  private Node node;
  private NodeLease lease;
  private NodeStatus written;

  /** What the status was made from that was looked at last; null if that was not written. */
  private Look known;

  /** In steady time. */
  private Instant writtenAt = Instant.EPOCH;

  /** Until then others may write the status; in steady time. */
  private Instant inDoubtUntil = Instant.MIN;

  private boolean closed;
  private volatile Set<Pressure> pressures = Set.of();
  private volatile boolean shuttingDown;
  private volatile NodeVolumes volumes = NodeVolumes.NONE;

  /** Whether the node counted as gone since it was last looked at. */
  private volatile boolean returned;

  private final SerialExecutor owner;

  public NodeReporter(NodeSettings settings, AgentServices services, PodRuntime runtime) {
    this.settings = settings;
    this.services = services;
    this.runtime = runtime;
    object = new NodeObject(settings, Machine.systemInfo(runtime.info().nodeInfoText()));
    owner =
        new SerialExecutor(
            services.threads(),
            e -> services.faults().fault("Reporting node " + settings.name(), e));
    periodic = new Periodic(services.timers(), owner, services.random(), LOOK_EVERY, this::report);
  }

  /** Has the status tell of volumes; to be called before the start. */
  public void tellOf(NodeVolumes attached) {
    volumes = attached;
    attached.onChange(this::reportNow);
  }

  /** Says from now on that the node is not ready, because it shuts down. Any thread. */
  public void shuttingDown() {
    shuttingDown = true;
    reportNow();
  }

  public void start() {
    periodic.runNow();
  }

  /** Completes with the node once it is registered and its status says how it is reached. */
  public CompletableFuture<Node> registered() {
    return registered.copy();
  }

  /** Looks at the node now instead of at the next turn: something has changed. */
  public void reportNow() {
    periodic.runNow();
  }

  /** Says what the node is short of. Any thread. */
  public void under(Set<Pressure> now) {
    if (!now.equals(pressures)) {
      pressures = Set.copyOf(now);
      reportNow();
    }
  }

  @Override
  public void close() {
    periodic.close();
    owner.execute(() -> {
      closed = true;
      if (lease != null) {
        lease.close();
      }
    });
  }

  private void report() {
    try {
      if (lease == null) {
        register();
      }
      writeStatusIfDue();
      registered.complete(node);
    } catch (ClusterException e) {
      LOG.warnf("Status of node %s was not reported: %s", settings.name(), e.getMessage());
      if (lease == null) {
        services.timers().after(REGISTER_AGAIN_AFTER, periodic::runNow);
      }
    }
  }

  private void register() {
    Optional<Node> existing = services.cluster().node(settings.name());
    boolean mounts = !volumes.equals(NodeVolumes.NONE);
    node =
        existing.isEmpty()
            ? services.cluster().createNode(object.initial(mounts))
            : services.cluster().patchNode(settings.name(), object.patch(mounts));
    written = existing.map(Node::getStatus).orElse(null);
    if (!closed) {
      lease = new NodeLease(services, node, this::comeBack);
      lease.start();
    }
  }

  /** While the node counted as gone, its conditions were written as unknown. */
  private void comeBack() {
    returned = true;
    reportNow();
  }

  private void readStatusAgain() {
    written = services.cluster().node(settings.name()).map(Node::getStatus).orElse(null);
    known = null;
  }

  private void writeStatusIfDue() {
    Instant now = services.timers().steady();
    if (returned) {
      returned = false;
      inDoubtUntil = now.plus(DOUBT_AFTER_RETURN);
    }
    if (now.isBefore(inDoubtUntil)) {
      readStatusAgain();
    }
    Look look = new Look(readiness(), pressures, images(), volumes.inUse());
    boolean due = !now.isBefore(writtenAt.plus(WRITE_AT_LEAST_EVERY));
    if (due || !look.equals(known)) {
      known = null;
      NodeStatus status = look.status(object);
      if (due || !status.equals(withoutTimes(written))) {
        write(status);
        writtenAt = now;
      }
      known = look;
    }
    volumes.reported(look.inUse());
  }

  /** All that may change in a status. Mostly it is what it was, which is found out for nothing. */
  private record Look(
      NodeCondition ready, Set<Pressure> pressures, List<ImageInfo> images, List<String> inUse) {

    NodeStatus status(NodeObject object) {
      return object.status(ready, pressures, images, inUse);
    }
  }

  private NodeCondition readiness() {
    return shuttingDown ? NodeConditions.SHUTTING_DOWN : NodeConditions.ready(runtime.health());
  }

  private void write(NodeStatus status) {
    Instant now = services.timers().instant();
    List<NodeCondition> timed =
        NodeConditions.timed(status.getConditions(), conditionsBefore(), now);
    NodeStatus patch = NodeObject.patch(status, timed);
    services
        .cluster()
        .patchNodeStatus(settings.name(), new NodeBuilder().withStatus(patch).build());
    written = new NodeStatusBuilder(status).withConditions(timed).build();
  }

  private List<NodeCondition> conditionsBefore() {
    return written == null ? List.of() : written.getConditions();
  }

  private static NodeStatus withoutTimes(NodeStatus status) {
    return status == null
        ? null
        : new NodeStatusBuilder(status)
            .withConditions(NodeConditions.untimed(status.getConditions()))
            .build();
  }

  /** A runtime that cannot be asked is no reason to leave out the rest. */
  private List<ImageInfo> images() {
    try {
      return runtime.images();
    } catch (PodRuntimeException e) {
      return List.of();
    }
  }
}
