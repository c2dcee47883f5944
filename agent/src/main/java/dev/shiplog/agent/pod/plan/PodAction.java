package dev.shiplog.agent.pod.plan;

import dev.shiplog.agent.runtime.ContainerStatus;
import io.fabric8.kubernetes.api.model.Container;
import java.time.Duration;

/** One thing to be done for a pod. Actions of one plan may be done side by side. */
public sealed interface PodAction {

  /** What the action is about: one of each key is under way at a time. */
  ActionKey key();

  /** The kinds of action. */
  enum Verb {
    PREPARE_VOLUMES,
    START_SANDBOX,
    STOP_SANDBOX,
    REMOVE_SANDBOX,
    START_CONTAINER,
    KILL_CONTAINER,
    RESIZE_CONTAINER,
    REMOVE_CONTAINER,
    RELEASE_VOLUMES,
    REMOVE_FILES
  }

  /** Makes what the pod's volumes hold. */
  record PrepareVolumes() implements PodAction {
    @Override
    public ActionKey key() {
      return ActionKey.VOLUMES;
    }
  }

  /**
   * Makes a sandbox.
   *
   * @param attempt how many the pod had before
   */
  record StartSandbox(int attempt) implements PodAction {
    @Override
    public ActionKey key() {
      return ActionKey.SANDBOX;
    }
  }

  /** Ends a sandbox and everything in it. */
  record StopSandbox(String id) implements PodAction {
    @Override
    public ActionKey key() {
      return new ActionKey(Verb.STOP_SANDBOX, id);
    }
  }

  /** Forgets a sandbox and everything in it. */
  record RemoveSandbox(String id) implements PodAction {
    @Override
    public ActionKey key() {
      return new ActionKey(Verb.REMOVE_SANDBOX, id);
    }
  }

  /**
   * Makes and starts a container.
   *
   * @param attempt how many runs it had before
   */
  record StartContainer(Container container, int attempt, String sandboxId) implements PodAction {
    @Override
    public ActionKey key() {
      return ActionKey.start(container.getName());
    }
  }

  /**
   * Ends a container as it deserves: its preStop hook, then the signal, then force.
   *
   * @param message for the Killing event
   * @param grace how long it has for all of it
   */
  record KillContainer(ContainerStatus container, String message, Duration grace)
      implements PodAction {
    @Override
    public ActionKey key() {
      return new ActionKey(Verb.KILL_CONTAINER, container.id());
    }
  }

  /** Gives a running container what it is granted. */
  record ResizeContainer(Container container, ContainerStatus run) implements PodAction {
    @Override
    public ActionKey key() {
      return new ActionKey(Verb.RESIZE_CONTAINER, run.id());
    }
  }

  /** Forgets a container that has no process. */
  record RemoveContainer(String id) implements PodAction {
    @Override
    public ActionKey key() {
      return new ActionKey(Verb.REMOVE_CONTAINER, id);
    }
  }

  /** Gives back the volumes that others may want. */
  record ReleaseVolumes() implements PodAction {
    @Override
    public ActionKey key() {
      return new ActionKey(Verb.RELEASE_VOLUMES, "");
    }
  }

  /** Removes what belongs to the pod on the node's disk. */
  record RemoveFiles() implements PodAction {
    @Override
    public ActionKey key() {
      return new ActionKey(Verb.REMOVE_FILES, "");
    }
  }
}
