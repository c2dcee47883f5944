package dev.shiplog.agent.pod.plan;

import dev.shiplog.agent.container.ContainerSpecs;
import dev.shiplog.agent.container.Resizable;
import dev.shiplog.agent.pod.plan.PodAction.KillContainer;
import dev.shiplog.agent.pod.plan.PodAction.PrepareVolumes;
import dev.shiplog.agent.pod.plan.PodAction.RemoveContainer;
import dev.shiplog.agent.pod.plan.PodAction.ResizeContainer;
import dev.shiplog.agent.pod.plan.PodAction.StartContainer;
import dev.shiplog.agent.pod.plan.PodAction.StartSandbox;
import dev.shiplog.agent.pod.plan.PodAction.StopSandbox;
import dev.shiplog.agent.pod.plan.PodSpecs.RestartPolicy;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Created;
import dev.shiplog.agent.runtime.ContainerStatus.Exited;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.ContainerStatus.Unknown;
import dev.shiplog.agent.runtime.SandboxStatus;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What to do for a pod that is to run: volumes, then a sandbox, then init containers one after
 * another, then the others; and to restart, as the policy says, what has ended.
 *
 * <p>Runs in an older sandbox are history: when the sandbox was lost everything starts again,
 * except what the restart policy calls finished.
 */
public final class ActivePlan {

  private final Pod pod;
  private final Seen seen;
  private final PodMemory memory;
  private final PlanBuilder plan;

  private ActivePlan(Pod pod, Seen seen, PodMemory memory, Instant now) {
    this.pod = pod;
    this.seen = seen;
    this.memory = memory;
    this.plan = new PlanBuilder(memory, now);
  }

  public static Plan of(Pod pod, Seen seen, PodMemory memory, Instant now) {
    return new ActivePlan(pod, seen, memory, now).plan();
  }

  private Plan plan() {
    if (hasEnded()) {
      return Plan.DONE;
    }
    if (!memory.volumesReady()) {
      plan.add(new PrepareVolumes());
    }
    Optional<SandboxStatus> sandbox = seen.sandbox();
    if (sandbox.isPresent()) {
      planContainers(sandbox.get());
    } else {
      planSandbox();
    }
    plan.prune(seen);
    return plan.build();
  }

  /** Whether the pod has ended by itself: nothing of it is to run any more. */
  private boolean hasEnded() {
    boolean initFailed =
        pod.getSpec().getInitContainers().stream()
            .filter(init -> !PodSpecs.isSidecar(init))
            .anyMatch(init -> isFinished(init) && !succeeded(init));
    return initFailed || pod.getSpec().getContainers().stream().allMatch(this::isFinished);
  }

  private boolean isFinished(Container container) {
    return lastExit(container)
        .map(exit -> !PodSpecs.restartPolicy(pod, container).restarts(exit.exitCode()))
        .orElse(false);
  }

  private boolean succeeded(Container container) {
    return lastExit(container).map(exit -> exit.exitCode() == 0).orElse(false);
  }

  private Optional<Exited> lastExit(Container container) {
    return seen.newest(container.getName()).flatMap(Seen::exit);
  }

  /** What is left in a lost sandbox ends with it before the next one starts. */
  private void planSandbox() {
    List<SandboxStatus> lost =
        seen.sandboxes().stream().filter(sandbox -> holdsLife(sandbox.id())).toList();
    lost.forEach(sandbox -> plan.add(new StopSandbox(sandbox.id())));
    if (lost.isEmpty() && memory.volumesReady()) {
      int attempt = seen.sandboxes().stream().findFirst().map(s -> s.attempt() + 1).orElse(0);
      plan.add(new StartSandbox(attempt));
    }
  }

  private boolean holdsLife(String sandboxId) {
    return seen.containers().stream()
        .anyMatch(each -> each.sandboxId().equals(sandboxId) && Seen.isAlive(each));
  }

  private void planContainers(SandboxStatus sandbox) {
    PodSpecs.ephemeral(pod).forEach(container -> planEphemeral(sandbox, container));
    boolean initialized = planInit(sandbox);
    if (initialized) {
      pod.getSpec().getContainers().forEach(container -> planOne(sandbox, container));
    }
  }

  /** Somebody wants to look at the pod as it is, so this waits for no other container. */
  private void planEphemeral(SandboxStatus sandbox, Container container) {
    Optional<ContainerStatus> run = seen.newest(container.getName());
    if (run.isEmpty() && !Attempts.hasRun(pod, container.getName())) {
      start(sandbox, container, Instant.MIN);
    }
    run.filter(each -> each.state() instanceof Created)
        .ifPresent(each -> removeLeftOver(container, each));
  }

  /** Whether the init containers are through, in this sandbox. */
  private boolean planInit(SandboxStatus sandbox) {
    boolean othersRan =
        pod.getSpec().getContainers().stream()
            .anyMatch(container -> seen.newestIn(sandbox, container.getName()).isPresent());
    for (Container init : pod.getSpec().getInitContainers()) {
      if (PodSpecs.isSidecar(init)) {
        planOne(sandbox, init);
        if (!othersRan && !isUp(sandbox, init)) {
          return false;
        }
      } else if (!othersRan && !isThrough(sandbox, init)) {
        planOne(sandbox, init);
        return false;
      }
    }
    return true;
  }

  private boolean isUp(SandboxStatus sandbox, Container sidecar) {
    return seen.newestIn(sandbox, sidecar.getName())
        .filter(each -> each.state() instanceof Running && memory.isStarted(each))
        .isPresent();
  }

  private boolean isThrough(SandboxStatus sandbox, Container init) {
    return seen.newestIn(sandbox, init.getName())
        .flatMap(Seen::exit)
        .filter(exit -> exit.exitCode() == 0)
        .isPresent();
  }

  private void planOne(SandboxStatus sandbox, Container container) {
    Optional<ContainerStatus> run = seen.newestIn(sandbox, container.getName());
    if (run.isEmpty()) {
      if (!isFinished(container) || isInit(container)) {
        start(sandbox, container, Instant.MIN);
      }
      return;
    }
    switch (run.get().state()) {
      case Created created -> removeLeftOver(container, run.get());
      case Running running -> judge(container, run.get());
      case Unknown unknown -> kill(run.get(), Death.because("Container status unknown"));
      case Exited exited -> restart(sandbox, container, run.get(), exited);
    }
  }

  private boolean isInit(Container container) {
    return PodSpecs.isInit(pod, container);
  }

  /** Created but not started, and nobody is about to: its maker was stopped in between. */
  private void removeLeftOver(Container container, ContainerStatus run) {
    if (!memory.isBusy(ActionKey.start(container.getName()))) {
      plan.add(new RemoveContainer(run.id()));
    }
  }

  private void judge(Container container, ContainerStatus run) {
    String hash = run.annotations().get(ContainerSpecs.HASH);
    if (hash != null && !hash.equals(ContainerSpecs.hash(container))) {
      kill(
          run,
          Death.because(
              "Container " + container.getName() + " definition changed, will be restarted"));
    } else {
      memory.mustDie(run).ifPresentOrElse(death -> kill(run, death), () -> resize(container, run));
    }
  }

  /** Where the container wants it so, another amount of a resource means another run. */
  private void resize(Container container, ContainerStatus run) {
    Resizable wanted = Resizable.of(container.getResources());
    Optional<Resizable> has = memory.applied(run).filter(applied -> !applied.equals(wanted));
    if (has.isEmpty()) {
      return;
    }
    boolean restarts =
        container.getResizePolicy().stream()
            .filter(policy -> "RestartContainer".equals(policy.getRestartPolicy()))
            .anyMatch(policy -> wanted.differsIn(policy.getResourceName(), has.get()));
    if (restarts) {
      kill(run, Death.because("Container " + container.getName() + " resize requires restart"));
    } else {
      plan.add(new ResizeContainer(container, run));
    }
  }

  private void kill(ContainerStatus run, Death death) {
    plan.add(new KillContainer(run, death.message(), death.grace().orElse(PodSpecs.grace(pod))));
  }

  private void restart(
      SandboxStatus sandbox, Container container, ContainerStatus run, Exited exited) {
    RestartPolicy policy = PodSpecs.restartPolicy(pod, container);
    if (policy.restarts(exited.exitCode())) {
      start(
          sandbox,
          container,
          memory.crashBackoff(container.getName()).allowedAt(memory.endedAt(run)));
    }
  }

  private void start(SandboxStatus sandbox, Container container, Instant notBefore) {
    if (memory.volumesReady()) {
      plan.addNotBefore(
          notBefore,
          new StartContainer(container, Attempts.next(pod, seen, container), sandbox.id()));
    }
  }
}
