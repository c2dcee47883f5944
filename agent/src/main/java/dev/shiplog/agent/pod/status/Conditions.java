package dev.shiplog.agent.pod.status;

import dev.shiplog.agent.container.Resizable;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.status.Situation.Stage;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The conditions of a pod that its node owns. */
final class Conditions {

  /** All others in a pod's status belong to somebody else and stay as they are. */
  static final Set<String> OWNED =
      Set.of(
          "PodReadyToStartContainers",
          "Initialized",
          "Ready",
          "ContainersReady",
          "PodScheduled",
          "PodResizePending",
          "PodResizeInProgress");

  private static final String TRUE = "True";
  private static final String FALSE = "False";

  private final Situation situation;
  private final String phase;
  private final Phases phases;
  private final List<ContainerStatus> counted;

  /**
   * The conditions of a situation.
   *
   * @param counted the containers whose readiness is the pod's: all but plain init containers
   */
  Conditions(Situation situation, String phase, Phases phases, List<ContainerStatus> counted) {
    this.situation = situation;
    this.phase = phase;
    this.phases = phases;
    this.counted = counted;
  }

  List<PodCondition> all() {
    PodCondition containersReady = containersReady();
    Stream<PodCondition> always =
        Stream.of(
            ready(containersReady), containersReady, condition("PodScheduled", TRUE, null, null));
    return Stream.of(begun(), always, resizing(), disrupted())
        .flatMap(conditions -> conditions)
        .map(this::timed)
        .toList();
  }

  /** How far a pod has come that the node has taken. */
  private Stream<PodCondition> begun() {
    return situation.isRejected() ? Stream.empty() : Stream.of(hasNetwork(), initialized());
  }

  /** Reasons of ends that are no fault of the pod. */
  private static final Set<String> OF_THE_NODE = Set.of("Evicted", "Terminated");

  /** Says that it was the node's doing, and not the pod's, for whoever counts failures. */
  private Stream<PodCondition> disrupted() {
    return situation.ending().stream()
        .filter(ending -> !ending.rejected() && OF_THE_NODE.contains(ending.reason()))
        .map(ending ->
            condition("DisruptionTarget", TRUE, "TerminationByKubelet", ending.message()));
  }

  /** Only while there is something to say of it. */
  private Stream<PodCondition> resizing() {
    Stream<PodCondition> pending =
        situation.memory().resizePending().stream()
            .map(words -> condition("PodResizePending", TRUE, words.reason(), words.message()));
    return situation.stage() == Stage.ACTIVE
        ? Stream.concat(pending, inProgress().stream())
        : Stream.empty();
  }

  private Optional<PodCondition> inProgress() {
    var behind =
        situation.seen().containers().stream()
            .filter(run -> run.state() instanceof Running && !isAsGranted(run))
            .toList();
    if (behind.isEmpty()) {
      return Optional.empty();
    }
    return behind.stream()
        .flatMap(run -> situation.memory().resizeFailure(run).stream())
        .findFirst()
        .map(words -> condition("PodResizeInProgress", TRUE, words.reason(), words.message()))
        .or(() -> Optional.of(condition("PodResizeInProgress", TRUE, null, null)));
  }

  private boolean isAsGranted(dev.shiplog.agent.runtime.ContainerStatus run) {
    Resizable granted = Resizable.of(situation.memory().granted(run.name()));
    return PodSpecs.isEphemeral(situation.pod(), run.name())
        || situation.memory().resources(run).map(Resizable::of).map(granted::equals).orElse(true);
  }

  private PodCondition hasNetwork() {
    boolean up = situation.seen().sandbox().isPresent() && !situation.podIps().isEmpty();
    return condition("PodReadyToStartContainers", up ? TRUE : FALSE, null, null);
  }

  private PodCondition initialized() {
    if (phase.equals("Succeeded")) {
      return condition("Initialized", TRUE, "PodCompleted", null);
    }
    if (phases.isInitialized()) {
      return condition("Initialized", TRUE, null, null);
    }
    return condition(
        "Initialized",
        FALSE,
        "ContainersNotInitialized",
        "containers with incomplete status: " + list(phases.incompleteInit()));
  }

  private PodCondition containersReady() {
    if (phase.equals("Succeeded")) {
      return condition("ContainersReady", FALSE, "PodCompleted", null);
    }
    if (phase.equals("Failed") && situation.stage() == Stage.ENDED) {
      return condition("ContainersReady", FALSE, "PodFailed", null);
    }
    List<String> unready =
        counted.stream()
            .filter(status -> !Boolean.TRUE.equals(status.getReady()))
            .map(ContainerStatus::getName)
            .toList();
    return unready.isEmpty()
        ? condition("ContainersReady", TRUE, null, null)
        : condition(
            "ContainersReady",
            FALSE,
            "ContainersNotReady",
            "containers with unready status: " + list(unready));
  }

  /** Ready is what the containers are, and what those say who hold a readiness gate. */
  private PodCondition ready(PodCondition containersReady) {
    if (containersReady.getStatus().equals(FALSE)) {
      return condition("Ready", FALSE, containersReady.getReason(), containersReady.getMessage());
    }
    List<String> closed = new ArrayList<>();
    for (PodReadinessGate gate : situation.pod().getSpec().getReadinessGates()) {
      Optional<PodCondition> answer = reported(gate.getConditionType());
      if (answer.isEmpty()) {
        closed.add(
            "corresponding condition of pod readiness gate \""
                + gate.getConditionType()
                + "\" does not exist.");
      } else if (!TRUE.equals(answer.get().getStatus())) {
        closed.add(
            "the status of pod readiness gate \""
                + gate.getConditionType()
                + "\" is not \"True\", but "
                + answer.get().getStatus());
      }
    }
    return closed.isEmpty()
        ? condition("Ready", TRUE, null, null)
        : condition("Ready", FALSE, "ReadinessGatesNotReady", String.join(", ", closed));
  }

  /** Keeps the time of the last change of status. */
  private PodCondition timed(PodCondition condition) {
    String since =
        reported(condition.getType())
            .filter(old -> condition.getStatus().equals(old.getStatus()))
            .map(PodCondition::getLastTransitionTime)
            .orElseGet(() -> Times.text(situation.now()));
    return new PodConditionBuilder(condition)
        .withLastTransitionTime(since)
        .withObservedGeneration(situation.pod().getMetadata().getGeneration())
        .build();
  }

  private Optional<PodCondition> reported(String type) {
    return Stream.ofNullable(situation.pod().getStatus())
        .flatMap(status -> status.getConditions().stream())
        .filter(condition -> condition.getType().equals(type))
        .findFirst();
  }

  private static PodCondition condition(String type, String status, String reason, String message) {
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .build();
  }

  private static String list(List<String> names) {
    return "[" + String.join(" ", names) + "]";
  }
}
