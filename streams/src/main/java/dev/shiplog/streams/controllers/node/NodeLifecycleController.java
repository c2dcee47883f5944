package dev.shiplog.streams.controllers.node;

import static dev.shiplog.streams.kit.ResourceTypes.LEASES;
import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Says of a node whose agent has stopped renewing its lease that nothing is known of it, and keeps
 * the taints that follow from a node's conditions. When a lease was renewed goes by the log's time,
 * not by the node's clock.
 */
public final class NodeLifecycleController implements Controller {

  /** So long a node may be silent. */
  static final Duration GRACE = Duration.ofSeconds(40);

  private static final String LEASE_NAMESPACE = "kube-node-lease";
  private static final List<String> TYPES =
      List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

  private final Instant startedAt;
  private final EvictionPace pace = new EvictionPace();

  /**
   * A controller.
   *
   * @param startedAt silence before counts for nothing: whoever starts after a pause of the whole
   *     cluster gives every node its time to come back
   */
  public NodeLifecycleController(Instant startedAt) {
    this.startedAt = startedAt;
  }

  @Override
  public String name() {
    return "node-lifecycle-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:node-controller";
  }

  /** A renewal needs no look: the time to look at a silent node is known. */
  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(NODES),
        Source.readOnly(LEASES),
        Source.mapped(PODS, NodeLifecycleController::nodeInTrouble));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(PodsByNode.INDEX, NodesByZone.ALL, NodesByZone.READY);
  }

  /** The node of a pod, if nobody there can speak for the pod. */
  private static Collection<String> nodeInTrouble(ObjectChange<Pod> change, Views views) {
    if (change.after() == null
        || !PodStates.isScheduled(change.after())
        || !PodStates.isReady(change.after())) {
      return List.of();
    }
    String node = change.after().getSpec().getNodeName();
    boolean reachable = views.of(NODES).get(node).filter(one -> !isUnknown(one)).isPresent();
    return reachable ? List.of() : List.of(node);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(NODES).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(NODES)
        .get(key)
        .map(node -> reconcile(node, views, now))
        .orElseGet(() -> Reconciliation.of(unreadyPods(key, views, now)));
  }

  private Reconciliation reconcile(Node node, Views views, Instant now) {
    Reconciliation.Builder result = Reconciliation.builder();
    Duration left = Duration.between(now, lastSign(node, views).plus(GRACE));
    if (left.isPositive()) {
      result.requeueAfter(left);
    } else if (!isUnknown(node)) {
      result.event(
          EventRequest.normal(
              NODES,
              node,
              "NodeNotReady",
              "Node " + node.getMetadata().getName() + " status is now: NodeNotReady"));
      Commands.changeStatusAsSeen(NODES, node, unknown(node, now)).ifPresent(result::command);
      return result.build(); // the taints follow from the new conditions
    } else {
      result.requeueAfter(GRACE);
      unreadyPods(node.getMetadata().getName(), views, now).forEach(result::command);
    }
    List<Taint> taints = paced(node, NodeTaints.wanted(node, now), views, now, result);
    if (!taints.equals(NodeTaints.of(node))) {
      ObjectNode patch = KubernetesJson.object();
      ArrayNode list = patch.putObject("spec").putArray("taints");
      taints.forEach(taint -> list.add(KubernetesJson.tree(taint)));
      result.command(Commands.patchAsSeen(NODES, node, patch));
    }
    return result.build();
  }

  /** The taints without the one that drives pods away, for as long as that must not be. */
  private List<Taint> paced(
      Node node, List<Taint> wanted, Views views, Instant now, Reconciliation.Builder result) {
    boolean driving = NodeTaints.of(node).stream().anyMatch(NodeTaints::drivesAway);
    boolean toDrive = wanted.stream().anyMatch(NodeTaints::drivesAway);
    if (driving || !toDrive) {
      return wanted;
    }
    return switch (pace.judge(node, views.of(NODES), now)) {
      case EvictionPace.Go() -> wanted;
      case EvictionPace.Wait(Duration time) -> {
        result.requeueAfter(time);
        yield withoutDriving(wanted);
      }
      case EvictionPace.Stop() -> {
        result.requeueAfter(EvictionPace.USUAL);
        yield withoutDriving(wanted);
      }
    };
  }

  private static List<Taint> withoutDriving(List<Taint> taints) {
    return taints.stream().filter(taint -> !NodeTaints.drivesAway(taint)).toList();
  }

  /** Nobody can say any more that these are ready, so that Services must do without them. */
  private static List<CommandRequest> unreadyPods(String node, Views views, Instant now) {
    return views.of(PODS).find(PodsByNode.INDEX, node).stream()
        .filter(PodStates::isReady)
        .flatMap(pod -> Commands.changeStatusAsSeen(PODS, pod, unready(pod, now)).stream())
        .toList();
  }

  private static Pod unready(Pod pod, Instant now) {
    return new PodBuilder(pod)
        .editStatus()
        .editMatchingCondition(condition -> condition.getType().equals("Ready"))
        .withStatus("False")
        .withReason("NodeNotReady")
        .withMessage("Node is not ready")
        .withLastTransitionTime(now.truncatedTo(ChronoUnit.SECONDS).toString())
        .endCondition()
        .endStatus()
        .build();
  }

  private Instant lastSign(Node node, Views views) {
    Instant created =
        Optional.ofNullable(node.getMetadata().getCreationTimestamp())
            .map(Instant::parse)
            .orElse(startedAt);
    Instant renewed =
        views
            .of(LEASES)
            .changedAt(ObjectKeys.key(LEASE_NAMESPACE, node.getMetadata().getName()))
            .orElse(created);
    Instant latest = renewed.isAfter(created) ? renewed : created;
    return latest.isAfter(startedAt) ? latest : startedAt;
  }

  private static boolean isUnknown(Node node) {
    return NodeTaints.condition(node, "Ready")
        .filter(condition -> condition.getStatus().equals("Unknown"))
        .isPresent();
  }

  private static Node unknown(Node node, Instant now) {
    List<NodeCondition> conditions = new ArrayList<>();
    if (node.getStatus() != null) {
      node.getStatus().getConditions().stream()
          .filter(condition -> !TYPES.contains(condition.getType()))
          .forEach(conditions::add);
    }
    TYPES.forEach(type -> conditions.add(unknown(node, type, now)));
    return new NodeBuilder(node).editOrNewStatus().withConditions(conditions).endStatus().build();
  }

  private static NodeCondition unknown(Node node, String type, Instant now) {
    Optional<NodeCondition> before = NodeTaints.condition(node, type);
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    String heartbeat =
        before
            .map(NodeCondition::getLastHeartbeatTime)
            .or(() -> Optional.ofNullable(node.getMetadata().getCreationTimestamp()))
            .orElse(time);
    boolean wasUnknown = before.filter(c -> Objects.equals(c.getStatus(), "Unknown")).isPresent();
    return new NodeConditionBuilder()
        .withType(type)
        .withStatus("Unknown")
        .withReason(before.isPresent() ? "NodeStatusUnknown" : "NodeStatusNeverUpdated")
        .withMessage(
            before.isPresent()
                ? "Kubelet stopped posting node status."
                : "Kubelet never posted node status.")
        .withLastHeartbeatTime(heartbeat)
        .withLastTransitionTime(wasUnknown ? before.get().getLastTransitionTime() : time)
        .build();
  }
}
