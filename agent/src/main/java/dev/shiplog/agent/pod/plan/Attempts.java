package dev.shiplog.agent.pod.plan;

import dev.shiplog.agent.runtime.ContainerStatus;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Counts the runs of a container: its restartCount never goes back, whatever the runtime forgot.
 */
public final class Attempts {

  private Attempts() {}

  /** The number of the container's next run. */
  static int next(Pod pod, Seen seen, Container container) {
    Optional<Integer> held = seen.newest(container.getName()).map(run -> run.attempt() + 1);
    return held.orElseGet(() ->
        reported(pod, container.getName())
            .filter(status -> hasRun(status))
            .map(status -> status.getRestartCount() + 1)
            .orElse(0));
  }

  /** Whether the cluster was told of a run of the container. */
  static boolean hasRun(Pod pod, String container) {
    return reported(pod, container).filter(Attempts::hasRun).isPresent();
  }

  /** The number of the container's last run, or of its first if it had none. */
  public static int current(Pod pod, Seen seen, String container) {
    return seen.newest(container)
        .map(ContainerStatus::attempt)
        .or(() -> reported(pod, container).map(status -> orZero(status.getRestartCount())))
        .orElse(0);
  }

  /** What the cluster was told of the container. */
  public static Optional<io.fabric8.kubernetes.api.model.ContainerStatus> reported(
      Pod pod, String container) {
    PodStatus status = pod.getStatus();
    return status == null
        ? Optional.empty()
        : Stream.of(
                status.getInitContainerStatuses(),
                status.getContainerStatuses(),
                status.getEphemeralContainerStatuses())
            .flatMap(List::stream)
            .filter(each -> each.getName().equals(container))
            .findFirst();
  }

  private static boolean hasRun(io.fabric8.kubernetes.api.model.ContainerStatus status) {
    return status.getContainerID() != null && !status.getContainerID().isEmpty();
  }

  private static int orZero(Integer value) {
    return value == null ? 0 : value;
  }
}
