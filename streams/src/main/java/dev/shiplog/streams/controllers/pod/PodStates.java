package dev.shiplog.streams.controllers.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a pod's status says about it. */
public final class PodStates {

  private PodStates() {}

  public static String phase(Pod pod) {
    return pod.getStatus() == null || pod.getStatus().getPhase() == null
        ? "Pending"
        : pod.getStatus().getPhase();
  }

  public static boolean isTerminating(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  /** Succeeded or Failed: it will not run again. */
  public static boolean isFinished(Pod pod) {
    String phase = phase(pod);
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** It is to go, and still runs. */
  public static boolean isEnding(Pod pod) {
    return isTerminating(pod) && !isFinished(pod);
  }

  /** It counts for its controller. */
  public static boolean isActive(Pod pod) {
    return !isFinished(pod) && !isTerminating(pod);
  }

  public static boolean isScheduled(Pod pod) {
    String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
    return node != null && !node.isEmpty();
  }

  public static Optional<PodCondition> condition(Pod pod, String type) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getConditions().stream()
            .filter(condition -> condition.getType().equals(type))
            .findFirst();
  }

  public static boolean isReady(Pod pod) {
    return condition(pod, "Ready")
        .filter(condition -> condition.getStatus().equals("True"))
        .isPresent();
  }

  /** Since when it is ready; empty if it is not, or does not say. */
  public static Optional<Instant> readySince(Pod pod) {
    return condition(pod, "Ready")
        .filter(condition -> condition.getStatus().equals("True"))
        .map(PodCondition::getLastTransitionTime)
        .map(Instant::parse);
  }

  /** Ready for so many seconds. */
  public static boolean isAvailable(Pod pod, int minReadySeconds, Instant now) {
    return isReady(pod)
        && (minReadySeconds == 0
            || readySince(pod)
                .filter(since -> !since.plusSeconds(minReadySeconds).isAfter(now))
                .isPresent());
  }

  /**
   * How long until it is available if it stays ready; empty if it is not ready, or is available.
   */
  public static Optional<Duration> availableIn(Pod pod, int minReadySeconds, Instant now) {
    return readySince(pod)
        .map(since -> Duration.between(now, since.plusSeconds(minReadySeconds)))
        .filter(Duration::isPositive);
  }

  public static int restarts(Pod pod) {
    return pod.getStatus() == null
        ? 0
        : pod.getStatus().getContainerStatuses().stream()
            .mapToInt(status -> status.getRestartCount() == null ? 0 : status.getRestartCount())
            .sum();
  }
}
