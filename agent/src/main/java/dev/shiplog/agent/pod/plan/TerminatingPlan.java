package dev.shiplog.agent.pod.plan;

import dev.shiplog.agent.pod.plan.PodAction.KillContainer;
import dev.shiplog.agent.pod.plan.PodAction.RemoveContainer;
import dev.shiplog.agent.pod.plan.PodAction.StopSandbox;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Created;
import dev.shiplog.agent.runtime.SandboxStatus;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What to do for a pod that is to end: its containers side by side, then its sidecars, the last one
 * first, then its sandbox. The grace is one for all of it.
 */
public final class TerminatingPlan {

  private final Pod pod;
  private final Seen seen;
  private final PodMemory memory;
  private final Duration grace;
  private final PlanBuilder plan;

  private TerminatingPlan(Pod pod, Seen seen, PodMemory memory, Duration grace, Instant now) {
    this.pod = pod;
    this.seen = seen;
    this.memory = memory;
    this.grace = grace;
    this.plan = new PlanBuilder(memory, now);
  }

  /**
   * The plan.
   *
   * @param grace what is left of it
   */
  public static Plan of(Pod pod, Seen seen, PodMemory memory, Duration grace, Instant now) {
    return new TerminatingPlan(pod, seen, memory, grace, now).plan();
  }

  private Plan plan() {
    if (isStarting()) {
      return plan.build();
    }
    seen.containers().stream()
        .filter(each -> each.state() instanceof Created)
        .forEach(each -> plan.add(new RemoveContainer(each.id())));
    if (seen.anyAlive()) {
      next().forEach(this::kill);
      return plan.build();
    }
    List<SandboxStatus> ready = seen.sandboxes().stream().filter(SandboxStatus::ready).toList();
    ready.forEach(sandbox -> plan.add(new StopSandbox(sandbox.id())));
    Plan built = plan.build();
    return ready.isEmpty() && built.actions().isEmpty() && !seenCreated() ? Plan.DONE : built;
  }

  /** What was being started is being called off; what comes of it is not known yet. */
  private boolean isStarting() {
    return memory.isBusy(ActionKey.SANDBOX)
        || memory.isBusy(ActionKey.VOLUMES)
        || PodSpecs.containers(pod).stream()
            .anyMatch(each -> memory.isBusy(ActionKey.start(each.getName())));
  }

  private boolean seenCreated() {
    return seen.containers().stream().anyMatch(each -> each.state() instanceof Created);
  }

  /** Who is to end now: all that are no sidecars, or else the last of the sidecars. */
  private List<ContainerStatus> next() {
    List<String> sidecars =
        pod.getSpec().getInitContainers().stream()
            .filter(PodSpecs::isSidecar)
            .map(Container::getName)
            .toList();
    List<ContainerStatus> alive = seen.containers().stream().filter(Seen::isAlive).toList();
    List<ContainerStatus> others =
        alive.stream().filter(each -> !sidecars.contains(each.name())).toList();
    if (!others.isEmpty()) {
      return others;
    }
    Set<String> names = alive.stream().map(ContainerStatus::name).collect(Collectors.toSet());
    String last = sidecars.reversed().stream().filter(names::contains).findFirst().orElseThrow();
    return alive.stream().filter(each -> each.name().equals(last)).toList();
  }

  private void kill(ContainerStatus container) {
    plan.add(new KillContainer(container, "Stopping container " + container.name(), grace));
  }
}
