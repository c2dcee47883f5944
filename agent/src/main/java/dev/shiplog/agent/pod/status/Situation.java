package dev.shiplog.agent.pod.status;

import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.runtime.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything a pod's status follows from.
 *
 * @param pod as the cluster knows it, with the status it was told last
 * @param seen what the runtime holds
 * @param stage how far its life is
 * @param ending why the node ends it, where it is not by itself nor by its deletion
 * @param memory what its worker knows of its containers
 * @param hostIps the node's addresses
 * @param podIps the pod's; empty while it has no sandbox
 */
public record Situation(
    Pod pod,
    Seen seen,
    Stage stage,
    Optional<Ending> ending,
    Memory memory,
    List<String> hostIps,
    List<String> podIps,
    Instant now) {

  /** How far a pod's life is, for its status. */
  public enum Stage {
    ACTIVE,
    TERMINATING,
    ENDED
  }

  /**
   * Why the node ends a pod.
   *
   * @param rejected whether it did not even take it, so that nothing of it has run
   */
  public record Ending(String reason, String message, boolean rejected) {}

  /** Whether the node did not take the pod. */
  boolean isRejected() {
    return ending.filter(Ending::rejected).isPresent();
  }

  /** A reason with its message. */
  public record Words(String reason, String message) {}

  /** What only the pod's worker knows. */
  public interface Memory {

    /** Why a container does not start, if it was tried. */
    Optional<Words> startFailure(String container);

    /** How long a container that ended waits for its restart; empty if it does not have to. */
    Optional<Duration> waitsForRestart(String container);

    boolean isStarted(ContainerStatus container);

    boolean isReady(ContainerStatus container);

    /** What a run of a container really has; empty if that is not known. */
    Optional<ResourceRequirements> resources(ContainerStatus container);

    /** What a container is granted. */
    ResourceRequirements granted(String container);

    /** Why the pod does not get the resources it wants, if it does not. */
    Optional<Words> resizePending();

    /** Why a run does not get what it is granted, if that was tried. */
    Optional<Words> resizeFailure(ContainerStatus container);

    /** What a container that ended left as its termination message. */
    String exitMessage(ContainerStatus container);
  }
}
