package dev.shiplog.agent.pod;

import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.container.SandboxSpecs;
import dev.shiplog.agent.pod.plan.PodAction;
import dev.shiplog.agent.pod.plan.PodAction.KillContainer;
import dev.shiplog.agent.pod.plan.PodAction.PrepareVolumes;
import dev.shiplog.agent.pod.plan.PodAction.ReleaseVolumes;
import dev.shiplog.agent.pod.plan.PodAction.RemoveContainer;
import dev.shiplog.agent.pod.plan.PodAction.RemoveFiles;
import dev.shiplog.agent.pod.plan.PodAction.RemoveSandbox;
import dev.shiplog.agent.pod.plan.PodAction.ResizeContainer;
import dev.shiplog.agent.pod.plan.PodAction.StartContainer;
import dev.shiplog.agent.pod.plan.PodAction.StartSandbox;
import dev.shiplog.agent.pod.plan.PodAction.StopSandbox;
import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.runtime.SandboxStatus;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Does what plans say. Blocks, and is called off by an interrupt; safe for use by many threads.
 * What does not work out is an {@link ActionFailure}.
 */
final class ActionRunner {

  private static final Logger LOG = Logger.getLogger(ActionRunner.class);

  private final NodeContext node;
  private final ContainerStarter starter;
  private final ContainerKiller killer;
  private final PodEvents events;

  ActionRunner(NodeContext node, PodEvents events) {
    this.node = node;
    this.events = events;
    Hooks hooks = new Hooks(node.runtime(), node.network(), node.services().timers());
    ImagePuller images =
        new ImagePuller(node.runtime(), node.config(), events, node.services().timers());
    starter = new ContainerStarter(node, images, hooks, events);
    killer = new ContainerKiller(node, hooks, events);
  }

  /**
   * Around an action.
   *
   * @param firstTry whether it was not called off or failed before
   */
  record Context(Pod pod, Seen seen, boolean firstTry) {}

  void run(PodAction action, Context context) throws InterruptedException {
    try {
      perform(action, context);
    } catch (PodRuntimeException | PodConfigException | ClusterException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException(e.getMessage());
      }
      throw new ActionFailure(action.key().verb().name(), e.getMessage(), RetryBackoff.SOON, e);
    }
  }

  private void perform(PodAction action, Context context) throws InterruptedException {
    Pod pod = context.pod();
    switch (action) {
      case PrepareVolumes prepare -> prepareVolumes(pod, addresses(context));
      case StartSandbox(int attempt) -> startSandbox(pod, attempt);
      case StopSandbox(String id) -> node.runtime().stopSandbox(id);
      case RemoveSandbox(String id) -> node.runtime().removeSandbox(id);
      case StartContainer start -> startContainer(start, context);
      case KillContainer kill -> killer.kill(pod, kill, context.firstTry(), addresses(context));
      case ResizeContainer(Container container, ContainerStatus run) ->
          node.runtime().updateResources(run.id(), starter.resources(pod, container));
      case RemoveContainer(String id) -> node.runtime().removeContainer(id);
      case ReleaseVolumes release -> releaseVolumes(pod);
      case RemoveFiles remove -> removeFiles(pod);
    }
  }

  private List<String> addresses(Context context) {
    return PodAddresses.of(context.pod(), context.seen(), node.settings());
  }

  private void prepareVolumes(Pod pod, List<String> podIps) {
    try {
      node.files().prepareVolumes(pod, podIps);
    } catch (PodConfigException e) {
      warn(pod, "FailedMount", e.getMessage());
      throw e;
    }
  }

  private void releaseVolumes(Pod pod) {
    unmount(pod, () -> node.files().releaseVolumes(pod.getMetadata().getUid()));
  }

  private void removeFiles(Pod pod) {
    unmount(pod, () -> node.files().remove(pod.getMetadata().getUid()));
  }

  private void unmount(Pod pod, Runnable action) {
    try {
      action.run();
    } catch (PodConfigException e) {
      warn(pod, "FailedUnMount", e.getMessage());
      throw e;
    }
  }

  /** What was called off has not failed: the pod ended, or is to go, while it was under way. */
  private void warn(Pod pod, String reason, String message) {
    if (!Thread.currentThread().isInterrupted()) {
      events.warning(pod, reason, message);
    }
  }

  private void startSandbox(Pod pod, int attempt) {
    try {
      Path logs = node.files().logDirectory(pod);
      String handler = runtimeHandler(pod.getSpec().getRuntimeClassName());
      node.runtime()
          .startSandbox(SandboxSpecs.build(pod, attempt, node.settings(), logs).handledBy(handler));
    } catch (PodRuntimeException | PodConfigException e) {
      warn(pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
      throw e;
    }
  }

  /** The runtime's own default has no name. */
  private String runtimeHandler(String runtimeClass) {
    return runtimeClass == null || runtimeClass.isEmpty()
        ? ""
        : node.services()
            .cluster()
            .runtimeHandler(runtimeClass)
            .orElseThrow(
                () -> new PodConfigException("RuntimeClass \"" + runtimeClass + "\" not found"));
  }

  private void startContainer(StartContainer start, Context context) throws InterruptedException {
    List<String> podIps = addresses(context);
    int sandboxAttempt = context.seen().sandbox().map(SandboxStatus::attempt).orElse(0);
    refreshVolumes(context.pod(), podIps);
    starter.start(context.pod(), start, sandboxAttempt, podIps);
  }

  /** They were prepared before; now the pod's address is known, and something may be newer. */
  private void refreshVolumes(Pod pod, List<String> podIps) {
    try {
      prepareVolumes(pod, podIps);
    } catch (PodConfigException e) {
      LOG.debugf("Volumes of %s are as they were: %s", pod.getMetadata().getName(), e.getMessage());
    }
  }
}
