package dev.shiplog.agent.pod.status;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.Set;
import java.util.stream.Stream;

/** What a node says of a pod when it has said nothing of it yet. */
public final class FirstWord {

  private static final Set<String> MAKING = Set.of("ContainerCreating", "PodInitializing");

  private FirstWord() {}

  /**
   * Whether a status says no more than that the node has begun, and nothing was said before.
   *
   * @param told the status the server has; may be null
   */
  public static boolean onlySaysThatItBegins(PodStatus status, PodStatus told) {
    boolean first = told == null || told.getStartTime() == null;
    return first
        && "Pending".equals(status.getPhase())
        && Stream.of(
                status.getInitContainerStatuses(),
                status.getContainerStatuses(),
                status.getEphemeralContainerStatuses())
            .flatMap(statuses -> statuses.stream())
            .allMatch(FirstWord::isMade);
  }

  private static boolean isMade(ContainerStatus status) {
    ContainerStateWaiting waiting = status.getState().getWaiting();
    return waiting != null && MAKING.contains(waiting.getReason());
  }
}
