package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.plan.ActionKey;
import dev.shiplog.agent.pod.plan.PodAction;
import dev.shiplog.agent.pod.plan.PodAction.KillContainer;
import dev.shiplog.agent.pod.plan.PodAction.ResizeContainer;
import dev.shiplog.agent.pod.plan.PodAction.StartContainer;
import dev.shiplog.agent.pod.resize.PodShare;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.topics.trace.Step;
import io.fabric8.kubernetes.api.model.Container;
import io.opentelemetry.context.Scope;

/**
 * Starts the actions of one pod beside its worker, each with the pod as it is then, and has the
 * worker's memory take in what was begun and what came of it. Used by the pod's worker alone.
 */
final class PodActions {

  private final ActionRunner runner;
  private final PodTrace steps;
  private final Operations operations;
  private final KeptPod kept;
  private final PodShare share;
  private final WorkerMemory memory;
  private final VolumeRefresh refresh;

  PodActions(
      ActionRunner runner,
      PodTrace steps,
      Operations operations,
      KeptPod kept,
      PodShare share,
      WorkerMemory memory,
      VolumeRefresh refresh) {
    this.runner = runner;
    this.steps = steps;
    this.operations = operations;
    this.kept = kept;
    this.share = share;
    this.memory = memory;
    this.refresh = refresh;
  }

  /** Starts an action that is not under way. */
  void start(PodAction action) {
    boolean first = begins(action);
    ActionRunner.Context context =
        new ActionRunner.Context(share.granted(kept.pod()), memory.seen(), first);
    operations.start(
        action.key(),
        () -> {
          try (Step step = steps.action(action.key());
              Scope _ = step.onThisThread()) {
            runner.run(action, context);
          }
          return null;
        },
        this::succeeded);
  }

  /** Says whether it is tried for the first time, where that makes a difference. */
  private boolean begins(PodAction action) {
    if (action instanceof StartContainer(Container container, int attempt, String sandbox)) {
      memory.starting(container.getName());
    }
    if (action instanceof ResizeContainer(Container container, ContainerStatus run)) {
      memory.resizing(run, container.getResources());
    }
    return !(action instanceof KillContainer kill) || memory.isFirstKill(kill.container().id());
  }

  private void succeeded(ActionKey key) {
    switch (key.verb()) {
      case PREPARE_VOLUMES -> volumesPrepared();
      case REMOVE_FILES -> memory.filesAreRemoved();
      case RELEASE_VOLUMES -> memory.volumesAreReleased();
      case RESIZE_CONTAINER -> memory.resized(key.object());
      case START_SANDBOX,
          STOP_SANDBOX,
          REMOVE_SANDBOX,
          START_CONTAINER,
          KILL_CONTAINER,
          REMOVE_CONTAINER -> {}
    }
  }

  private void volumesPrepared() {
    if (!memory.volumesReady()) {
      refresh.prepared(kept.pod());
    }
    memory.volumesAreReady();
  }
}
