package dev.shiplog.agent.runtime;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs sandboxes and the containers in them. It does what it is told, keeps what it was told across
 * restarts of the agent, and decides nothing: restart policies, back-off, hooks and probes are the
 * caller's.
 *
 * <p><b>Threads.</b> Safe for use by many threads; callers are virtual threads and every method may
 * block, so a runtime must not hold a monitor or its carrier while it waits. Calls that change one
 * pod come one at a time, with two exceptions: {@link #exec} and the readers may run beside
 * anything, and {@link #stopContainer} may be called again, with less grace, while an earlier stop
 * of the same container waits.
 *
 * <p><b>Time.</b> Every call is bounded: by its own time-out where it takes one, plus a bound that
 * the runtime sets for itself. An interrupted call returns soon with {@link
 * RuntimeUnavailableException} and leaves the interrupt flag set.
 *
 * <p><b>Errors.</b> {@link RuntimeUnavailableException} says nothing about the outcome: the call
 * may be repeated, after a look at {@link #pod}. {@link RuntimeRefusedException} is the runtime's
 * no, its message is shown to the user, and nothing was done. {@link NoSuchContainerException} is
 * thrown where a sandbox or container that must exist does not. There are no others.
 *
 * <p><b>Repeats.</b> Stopping what is stopped, and stopping or removing what is gone, succeeds.
 * Creating is not repeatable: after an unknown outcome, the sandbox or container with the same
 * (pod, name, attempt) may be found by {@link #pod}, and a second create with the same attempt may
 * be refused.
 *
 * <p><b>Ids</b> are the runtime's, unique and never used twice. Users see them as {@code
 * name://id}, with {@link RuntimeInfo#name}.
 */
public interface PodRuntime extends AutoCloseable {

  /** What it is; asked at start and now and then. */
  RuntimeInfo info();

  /** Whether pods can be started now; never throws, an unreachable runtime is one not ready. */
  RuntimeHealth health();

  // --- images

  /**
   * The image a reference names, if it is on the node. {@code busybox}, {@code busybox:latest} and
   * {@code docker.io/library/busybox:latest} are the same image; so are a tag and its digest.
   *
   * @throws RuntimeRefusedException if the text is no image reference; reason InvalidImageName
   */
  Optional<ImageInfo> image(String reference);

  /**
   * Fetches an image, also when it is on the node already: a tag may have moved.
   *
   * @param credentials to be tried in order; empty means anonymously
   * @param atMost how long it may take
   * @throws RuntimeRefusedException with reason ErrImagePull, RegistryUnavailable or
   *     InvalidImageName
   */
  ImageInfo pullImage(String reference, List<RegistryCredentials> credentials, Duration atMost);

  /** Every image on the node. */
  List<ImageInfo> images();

  /** Removes an image with all its names; nothing happens where there is none. */
  void removeImage(String imageId);

  // --- sandboxes

  /**
   * Makes a pod's sandbox: its namespaces and its network. When it returns, the sandbox is ready
   * and has its addresses (none of its own with {@link SandboxSpec.Namespaces#hostNetwork}). When
   * it throws a refusal, nothing of it is left, neither process nor address.
   */
  SandboxStatus startSandbox(SandboxSpec spec);

  /**
   * Kills every container in the sandbox, gives back its addresses and ends its processes. The
   * sandbox remains, not ready, so that its containers' exit codes can be read. Returns when that
   * is done.
   */
  void stopSandbox(String sandboxId);

  /** Removes the sandbox and every container in it, stopping it first where needed. */
  void removeSandbox(String sandboxId);

  // --- containers

  /**
   * Makes a container without starting it.
   *
   * @param sandbox the spec the sandbox was started with, or an equal one
   * @return the container's id
   */
  String createContainer(String sandboxId, SandboxSpec sandbox, ContainerSpec spec);

  /**
   * Starts a created container. A command that cannot be executed is a refusal, after which the
   * container is exited (StartError, 128) and to be removed like any other.
   */
  void startContainer(String containerId);

  /**
   * Sends the stop signal, waits for the process to end, and kills it when the grace is over.
   * Returns when the container is exited.
   *
   * @param grace zero kills at once
   */
  void stopContainer(String containerId, Duration grace);

  /** Removes a container, killing it first where needed. Its log stays. */
  void removeContainer(String containerId);

  /**
   * Changes a running container's limits in place.
   *
   * @throws RuntimeRefusedException where the kernel or the runtime cannot
   */
  void updateResources(String containerId, ContainerResources resources);

  /**
   * Runs a command in a running container, without a terminal or input, and waits for its end.
   *
   * @param atMost after this the command is killed and the result says so
   * @return never more than 1 MiB of each output; what is beyond it is dropped
   */
  ExecResult exec(String containerId, List<String> command, Duration atMost);

  /**
   * Prepares a stream for one client.
   *
   * @return where it is to be had, once and soon: an HTTP server of the runtime's on this machine,
   *     to be asked for an upgrade to SPDY/3.1 or WebSocket in the protocols of Kubernetes
   * @throws RuntimeRefusedException where the runtime has no processes to stream from
   */
  URI stream(StreamRequest request);

  /**
   * Starts a new file at the container's log path: called after the agent moved the old one away.
   * No line is lost or split.
   */
  void reopenLog(String containerId);

  // --- what there is

  /**
   * Everything this agent ever made here and did not remove, whoever made it in which run of the
   * process: this is what a restarted agent adopts from.
   */
  List<RuntimePod> pods();

  /** The sandboxes and containers of one pod, by its uid; empty where there is nothing. */
  Optional<RuntimePod> pod(String podUid);

  /**
   * Registers the one listener of changes. It is called with the uid of a pod whose sandbox or
   * container changed state, for whatever reason, at most about a second later. Several changes may
   * make one call, and a call may come without a change. A runtime that has no events looks by
   * itself. Changes made before the call are not told: register, then read {@link #pods}.
   */
  void onChange(ChangeListener listener);

  /** Called on a thread of the runtime's: must not block nor throw. */
  @FunctionalInterface
  interface ChangeListener {
    void changed(String podUid);
  }

  /** What the pods use now, for those the runtime can tell; empty where it measures nothing. */
  default List<PodStats> stats() {
    return List.of();
  }

  /** Where images and writable layers lie, for disk figures; empty if nowhere. */
  default Optional<Path> storageDirectory() {
    return Optional.empty();
  }

  /** Whether containers can be held to AppArmor's profiles. */
  default boolean enforcesAppArmor() {
    return true;
  }

  /** Lets go of the runtime. Sandboxes and containers go on running. */
  @Override
  void close();
}
