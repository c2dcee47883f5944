package dev.shiplog.agent.pod.status;

import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.plan.PodSpecs.RestartPolicy;
import dev.shiplog.agent.pod.status.Situation.Stage;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The phase a pod is in, from the statuses of its containers. */
final class Phases {

  private final Pod pod;
  private final Stage stage;
  private final List<ContainerStatus> init;
  private final List<ContainerStatus> mains;

  Phases(Situation situation, List<ContainerStatus> init, List<ContainerStatus> mains) {
    this.pod = situation.pod();
    this.stage = situation.stage();
    this.init = init;
    this.mains = mains;
  }

  String phase() {
    RestartPolicy policy = PodSpecs.restartPolicy(pod);
    if (stage == Stage.ENDED) {
      return mains.stream().allMatch(Phases::succeeded) ? "Succeeded" : "Failed";
    }
    if (policy == RestartPolicy.NEVER && plainInit().anyMatch(Phases::failed)) {
      return "Failed";
    }
    boolean neverStarted = mains.stream().anyMatch(Phases::waitsForItsFirstRun);
    if (!isInitialized() || neverStarted) {
      return "Pending";
    }
    boolean allEnded = mains.stream().allMatch(status -> end(status).isPresent());
    return allEnded && policy != RestartPolicy.ALWAYS ? endedPhase(policy) : "Running";
  }

  private String endedPhase(RestartPolicy policy) {
    if (mains.stream().allMatch(Phases::succeeded)) {
      return "Succeeded";
    }
    return policy == RestartPolicy.NEVER ? "Failed" : "Running";
  }

  /** Whether the init containers are through, or some other container has run all the same. */
  boolean isInitialized() {
    boolean othersRan = mains.stream().anyMatch(status -> !waitsForItsFirstRun(status));
    return othersRan || incompleteInit().isEmpty();
  }

  /** The init containers that have yet to succeed, or to start if they are sidecars. */
  List<String> incompleteInit() {
    return init.stream()
        .filter(status -> !isComplete(status))
        .map(ContainerStatus::getName)
        .toList();
  }

  private boolean isComplete(ContainerStatus status) {
    return isSidecar(status)
        ? Boolean.TRUE.equals(status.getStarted()) || stage != Stage.ACTIVE
        : succeeded(status);
  }

  private Stream<ContainerStatus> plainInit() {
    return init.stream().filter(status -> !isSidecar(status));
  }

  private boolean isSidecar(ContainerStatus status) {
    return pod.getSpec().getInitContainers().stream()
        .filter(container -> container.getName().equals(status.getName()))
        .anyMatch(PodSpecs::isSidecar);
  }

  private static boolean waitsForItsFirstRun(ContainerStatus status) {
    return status.getState().getWaiting() != null && status.getLastState().getTerminated() == null;
  }

  /** How the container's last run ended, if it is not running. */
  private static Optional<ContainerStateTerminated> end(ContainerStatus status) {
    if (status.getState().getRunning() != null) {
      return Optional.empty();
    }
    return Optional.ofNullable(status.getState().getTerminated())
        .or(() -> Optional.ofNullable(status.getLastState().getTerminated()));
  }

  private static boolean succeeded(ContainerStatus status) {
    return end(status).filter(end -> end.getExitCode() == 0).isPresent();
  }

  private static boolean failed(ContainerStatus status) {
    return end(status).filter(end -> end.getExitCode() != 0).isPresent();
  }
}
