package dev.shiplog.agent.pod.plan;

import dev.shiplog.agent.pod.plan.PodAction.RemoveContainer;
import dev.shiplog.agent.pod.plan.PodAction.RemoveSandbox;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.SandboxStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Gathers a plan's actions: leaves out what is under way, and puts off what has to wait. */
final class PlanBuilder {

  /** The last run, and the one before for its log and its last state. */
  private static final int RUNS_KEPT = 2;

  private final PodMemory memory;
  private final Instant now;
  private final List<PodAction> actions = new ArrayList<>();
  private Instant wakeAt;

  PlanBuilder(PodMemory memory, Instant now) {
    this.memory = memory;
    this.now = now;
  }

  void add(PodAction action) {
    addNotBefore(Instant.MIN, action);
  }

  /** Adds the action, or a time to wake at if it must not be done yet. */
  void addNotBefore(Instant earliest, PodAction action) {
    if (memory.isBusy(action.key())) {
      return;
    }
    Instant retryAt = memory.retryAt(action.key()).orElse(Instant.MIN);
    Instant due = retryAt.isAfter(earliest) ? retryAt : earliest;
    if (due.isAfter(now)) {
      wakeAt(due);
    } else {
      actions.add(action);
    }
  }

  void wakeAt(Instant at) {
    wakeAt = wakeAt == null || at.isBefore(wakeAt) ? at : wakeAt;
  }

  /** Removes the runs and sandboxes that nobody will ask about any more. */
  void prune(Seen seen) {
    Set<String> kept = new HashSet<>();
    Set<String> names =
        seen.containers().stream().map(ContainerStatus::name).collect(Collectors.toSet());
    for (String name : names) {
      List<ContainerStatus> runs = seen.runs(name);
      runs.stream().limit(RUNS_KEPT).map(ContainerStatus::sandboxId).forEach(kept::add);
      runs.stream()
          .skip(RUNS_KEPT)
          .filter(run -> !Seen.isAlive(run))
          .forEach(run -> add(new RemoveContainer(run.id())));
    }
    seen.sandboxes().stream()
        .skip(1)
        .filter(sandbox -> !sandbox.ready())
        .map(SandboxStatus::id)
        .filter(id -> !kept.contains(id))
        .forEach(id -> add(new RemoveSandbox(id)));
  }

  Plan build() {
    return new Plan(actions, Optional.ofNullable(wakeAt), false);
  }
}
