package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.plan.PodAction.KillContainer;
import dev.shiplog.agent.pod.plan.PodSpecs;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Ends a container: preStop hook, signal, force, within one grace. Blocks, and is called off by an
 * interrupt; safe for use by many threads.
 */
final class ContainerKiller {

  /** What a container keeps of its grace when its hook used it all up. */
  private static final Duration AFTER_HOOK = Duration.ofSeconds(2);

  private final NodeContext node;
  private final Hooks hooks;
  private final PodEvents events;

  ContainerKiller(NodeContext node, Hooks hooks, PodEvents events) {
    this.node = node;
    this.hooks = hooks;
    this.events = events;
  }

  /**
   * Ends the container.
   *
   * @param first whether this is the first try: a later one does not run the hook again
   */
  void kill(Pod pod, KillContainer action, boolean first, List<String> podIps)
      throws InterruptedException {
    Optional<Container> container = PodSpecs.container(pod, action.container().name());
    Duration grace = action.grace();
    if (first && container.isPresent()) {
      events.normal(pod, container.get(), "Killing", action.message());
      grace = preStop(pod, container.get(), action, podIps);
    }
    node.runtime().stopContainer(action.container().id(), grace);
  }

  /** Runs the hook, if there is one and time for it; gives what is left of the grace. */
  private Duration preStop(Pod pod, Container container, KillContainer action, List<String> podIps)
      throws InterruptedException {
    Duration grace = action.grace();
    LifecycleHandler hook =
        container.getLifecycle() == null ? null : container.getLifecycle().getPreStop();
    if (hook == null || grace.isZero()) {
      return grace;
    }
    Instant began = node.services().timers().steady();
    hooks
        .run(hook, container, action.container().id(), PodAddresses.first(podIps), grace)
        .ifPresent(wrong ->
            events.warning(pod, container, "FailedPreStopHook", "PreStopHook failed: " + wrong));
    Duration left = grace.minus(Duration.between(began, node.services().timers().steady()));
    return left.compareTo(AFTER_HOOK) < 0 ? AFTER_HOOK : left;
  }
}
