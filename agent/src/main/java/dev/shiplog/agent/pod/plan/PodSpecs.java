package dev.shiplog.agent.pod.plan;

import dev.shiplog.agent.cluster.KubernetesJson;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Questions about a pod's spec that several places ask. */
public final class PodSpecs {

  private static final long DEFAULT_GRACE_SECONDS = 30;

  private PodSpecs() {}

  /** When a container that ended is started again. */
  public enum RestartPolicy {
    ALWAYS,
    ON_FAILURE,
    NEVER;

    /** Whether a container that ended with this code is to run again. */
    public boolean restarts(int exitCode) {
      return switch (this) {
        case ALWAYS -> true;
        case ON_FAILURE -> exitCode != 0;
        case NEVER -> false;
      };
    }
  }

  public static RestartPolicy restartPolicy(Pod pod) {
    String policy = pod.getSpec().getRestartPolicy();
    return switch (policy == null ? "Always" : policy) {
      case "Never" -> RestartPolicy.NEVER;
      case "OnFailure" -> RestartPolicy.ON_FAILURE;
      default -> RestartPolicy.ALWAYS;
    };
  }

  /**
   * How one of the pod's containers is restarted: sidecars always, ephemeral ones never, others as
   * the pod says.
   */
  public static RestartPolicy restartPolicy(Pod pod, Container container) {
    if (isEphemeral(pod, container.getName())) {
      return RestartPolicy.NEVER;
    }
    RestartPolicy ofPod = restartPolicy(pod);
    if (isSidecar(container)) {
      return RestartPolicy.ALWAYS;
    }
    boolean untilSuccess = isInit(pod, container) && ofPod == RestartPolicy.ALWAYS;
    return untilSuccess ? RestartPolicy.ON_FAILURE : ofPod;
  }

  /** An init container that goes on running beside those that come after it. */
  public static boolean isSidecar(Container container) {
    return "Always".equals(container.getRestartPolicy());
  }

  public static boolean isInit(Pod pod, Container container) {
    return pod.getSpec().getInitContainers().stream()
        .anyMatch(init -> init.getName().equals(container.getName()));
  }

  /** Init containers first, ephemeral ones last, each kind in its order. */
  public static List<Container> containers(Pod pod) {
    return Stream.of(
            pod.getSpec().getInitContainers(), pod.getSpec().getContainers(), ephemeral(pod))
        .flatMap(List::stream)
        .toList();
  }

  /** Ephemeral containers, which have the fields of others that they may set. */
  public static List<Container> ephemeral(Pod pod) {
    return pod.getSpec().getEphemeralContainers().stream()
        .map(container -> KubernetesJson.convert(container, Container.class))
        .toList();
  }

  /** One that was added to a running pod. It runs once, whatever becomes of it. */
  public static boolean isEphemeral(Pod pod, String name) {
    return pod.getSpec().getEphemeralContainers().stream()
        .anyMatch(container -> container.getName().equals(name));
  }

  /** Name of the container whose processes an ephemeral one is to see. */
  public static Optional<String> target(Pod pod, String name) {
    return pod.getSpec().getEphemeralContainers().stream()
        .filter(container -> container.getName().equals(name))
        .findFirst()
        .map(EphemeralContainer::getTargetContainerName)
        .filter(target -> !target.isEmpty());
  }

  public static Optional<Container> container(Pod pod, String name) {
    return containers(pod).stream().filter(each -> each.getName().equals(name)).findFirst();
  }

  /** How long containers have to end: what the deletion says, or else the pod. */
  public static Duration grace(Pod pod) {
    Long ofDeletion = pod.getMetadata().getDeletionGracePeriodSeconds();
    Long ofSpec = pod.getSpec().getTerminationGracePeriodSeconds();
    long seconds =
        isDeleted(pod) && ofDeletion != null
            ? ofDeletion
            : Optional.ofNullable(ofSpec).orElse(DEFAULT_GRACE_SECONDS);
    return Duration.ofSeconds(Math.max(0, seconds));
  }

  public static boolean isDeleted(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  /** Whether the cluster knows that the pod has ended for good. */
  public static boolean hasEnded(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  public static boolean onHostNetwork(Pod pod) {
    return Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
  }
}
