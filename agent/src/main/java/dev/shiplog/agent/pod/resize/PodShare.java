package dev.shiplog.agent.pod.resize;

import dev.shiplog.agent.container.Resizable;
import dev.shiplog.agent.pod.plan.Attempts;
import dev.shiplog.agent.pod.plan.PodPriority;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.resize.NodeShares.Answer;
import dev.shiplog.agent.pod.status.Situation.Words;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one pod is granted of its node, which may be less than it wants. Nothing of it is kept on
 * disk: the pod's status says what was granted before. Belongs to the pod's worker.
 */
public final class PodShare {

  private final String uid;
  private final NodeShares shares;
  private final Runnable onRoom;
  private final Map<String, ResourceRequirements> granted = new HashMap<>();
  private Words pending;

  /**
   * The share of a pod, which has nothing until it holds or takes it.
   *
   * @param onRoom called when a resize that waits may have become possible; must not block
   */
  public PodShare(Pod pod, NodeShares shares, Runnable onRoom) {
    uid = pod.getMetadata().getUid();
    this.shares = shares;
    this.onRoom = onRoom;
    for (Container container : PodSpecs.containers(pod)) {
      granted.put(container.getName(), grantedBefore(pod, container));
    }
  }

  /** The pod runs here already, with what it was granted. */
  public void hold(Pod pod) {
    shares.hold(uid, Demand.of(granted(pod)), HostPort.of(pod));
  }

  /** The pod has come to run here: gives it what it wants, or says why not. */
  public Optional<Words> take(Pod pod) {
    return shares.take(uid, Demand.of(pod), HostPort.of(pod), PodPriority.isCritical(pod));
  }

  /** What an earlier run of the agent told the cluster, or else what the pod asks for. */
  private static ResourceRequirements grantedBefore(Pod pod, Container container) {
    Optional<ContainerStatus> told =
        Attempts.reported(pod, container.getName())
            .filter(status -> status.getAllocatedResources() != null)
            .filter(status -> !status.getAllocatedResources().isEmpty())
            .filter(status -> status.getResources() != null);
    return told.map(status ->
            new ResourceRequirementsBuilder(status.getResources())
                .withRequests(status.getAllocatedResources())
                .build())
        .orElseGet(() -> orNone(container.getResources()));
  }

  /**
   * Asks the node for what the pod wants now, if that is not what it has.
   *
   * @return what is to be told of it as an event, if something has changed
   */
  public Optional<Words> consider(Pod wanted) {
    List<Container> changed =
        PodSpecs.containers(wanted).stream().filter(each -> !isGranted(each)).toList();
    if (changed.isEmpty()) {
      pending = null;
      return Optional.empty();
    }
    Demand demand = Demand.of(wanted);
    return switch (shares.ask(uid, demand, onRoom)) {
      case GRANTED -> {
        changed.forEach(each -> granted.put(each.getName(), orNone(each.getResources())));
        pending = null;
        yield Optional.of(new Words("ResizeStarted", "Pod resize started"));
      }
      case DEFERRED -> pend(Answer.DEFERRED, "Node didn't have enough free capacity: ", demand);
      case INFEASIBLE -> pend(Answer.INFEASIBLE, "Node didn't have enough capacity: ", demand);
    };
  }

  private Optional<Words> pend(Answer answer, String message, Demand demand) {
    String reason = answer == Answer.DEFERRED ? "Deferred" : "Infeasible";
    Words now = new Words(reason, message + shortage(demand));
    boolean told = now.equals(pending);
    pending = now;
    return told ? Optional.empty() : Optional.of(new Words("Resize" + reason, now.message()));
  }

  private String shortage(Demand demand) {
    Demand all = shares.allocatable();
    return demand.cpuMillis() > all.cpuMillis()
        ? "cpu, requested: %d, capacity: %d".formatted(demand.cpuMillis(), all.cpuMillis())
        : "memory, requested: %d, capacity: %d".formatted(demand.memoryBytes(), all.memoryBytes());
  }

  private boolean isGranted(Container container) {
    return Resizable.of(container.getResources())
        .equals(Resizable.of(granted.get(container.getName())));
  }

  /** Why the pod does not get what it wants, if it does not. */
  public Optional<Words> pending() {
    return Optional.ofNullable(pending);
  }

  /** What a container is granted. */
  public ResourceRequirements of(String container) {
    return granted.getOrDefault(container, new ResourceRequirements());
  }

  /** The pod as it is to run: with what it is granted instead of what it wants. */
  public Pod granted(Pod wanted) {
    PodSpec spec = wanted.getSpec();
    boolean same = PodSpecs.containers(wanted).stream().allMatch(this::isGranted);
    if (same) {
      return wanted;
    }
    return new Pod(
        wanted.getApiVersion(),
        wanted.getKind(),
        wanted.getMetadata(),
        new PodSpecBuilder(spec)
            .withContainers(granted(spec.getContainers()))
            .withInitContainers(granted(spec.getInitContainers()))
            .build(),
        wanted.getStatus());
  }

  private List<Container> granted(List<Container> containers) {
    return containers.stream()
        .map(each -> new ContainerBuilder(each).withResources(of(each.getName())).build())
        .toList();
  }

  /** Gives everything back: nothing of the pod runs any more. */
  public void release() {
    shares.release(uid);
  }

  private static ResourceRequirements orNone(ResourceRequirements resources) {
    return resources == null ? new ResourceRequirements() : resources;
  }
}
