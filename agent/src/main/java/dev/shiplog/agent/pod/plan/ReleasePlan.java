package dev.shiplog.agent.pod.plan;

import dev.shiplog.agent.pod.plan.PodAction.ReleaseVolumes;
import dev.shiplog.agent.pod.plan.PodAction.RemoveContainer;
import dev.shiplog.agent.pod.plan.PodAction.RemoveFiles;
import dev.shiplog.agent.pod.plan.PodAction.RemoveSandbox;
import dev.shiplog.agent.runtime.SandboxStatus;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/** What to do so that nothing of an ended pod is left on the node: containers first, then files. */
public final class ReleasePlan {

  private ReleasePlan() {}

  /**
   * What to do for a pod that has ended but stays to be looked at: its volumes are given back.
   *
   * @param volumesReleased whether they are
   */
  public static Plan ended(boolean volumesReleased, PodMemory memory, Instant now) {
    PlanBuilder plan = new PlanBuilder(memory, now);
    if (!volumesReleased) {
      plan.add(new ReleaseVolumes());
    }
    return plan.build();
  }

  /** What to do for one that has ended and is known to the cluster, but must leave no traces. */
  public static Plan endedWithoutTrace(
      Seen seen, boolean filesRemoved, PodMemory memory, Instant now) {
    Plan plan = of(seen, filesRemoved, memory, now);
    return plan.isDone() ? Plan.NOTHING : plan;
  }

  /**
   * The plan.
   *
   * @param filesRemoved whether the files are gone
   */
  public static Plan of(Seen seen, boolean filesRemoved, PodMemory memory, Instant now) {
    PlanBuilder plan = new PlanBuilder(memory, now);
    Set<String> sandboxes =
        seen.sandboxes().stream().map(SandboxStatus::id).collect(Collectors.toSet());
    sandboxes.forEach(id -> plan.add(new RemoveSandbox(id)));
    seen.containers().stream()
        .filter(each -> !sandboxes.contains(each.sandboxId()))
        .forEach(each -> plan.add(new RemoveContainer(each.id())));
    boolean nothingHeld = sandboxes.isEmpty() && seen.containers().isEmpty();
    if (nothingHeld && filesRemoved) {
      return Plan.DONE;
    }
    if (nothingHeld) {
      plan.add(new RemoveFiles());
    }
    return plan.build();
  }
}
