package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.metrics.SchedulerMetrics;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Nominations;
import dev.shiplog.scheduler.model.Pod;
import java.util.List;

/**
 * Makes room for pods that fit nowhere, and holds it for them: their nominations are kept, and
 * written for others to see. One thread.
 */
final class Preempting {

  private final Placements placements;
  private final Cluster cluster;
  private final Nominations nominations;
  private final Cycles cycles;
  private final Outbox outbox;
  private final SchedulerMetrics metrics;
  private final BindingCycle binding;

  Preempting(
      Placements placements,
      Cycles cycles,
      Outbox outbox,
      SchedulerMetrics metrics,
      BindingCycle binding) {
    this.binding = binding;
    this.placements = placements;
    this.cluster = placements.cluster();
    this.nominations = cluster.nominations();
    this.cycles = cycles;
    this.outbox = outbox;
    this.metrics = metrics;
  }

  /** What can be done for a pod; its profile may have no preemption. */
  PreemptionPlan plan(Pod pod, Diagnosis diagnosis) {
    SchedulingCycle cycle = cycles.of(pod);
    return cycle.profile().preempts() && diagnosis.nodes() > 0
        ? cycle.planPreemption(pod, diagnosis)
        : new PreemptionPlan.None();
  }

  /**
   * Does it.
   *
   * @return what users are told of it besides the diagnosis
   */
  String carryOut(Pod pod, PreemptionPlan plan, long nowMs) {
    return switch (plan) {
      case PreemptionPlan.None none -> "";
      case PreemptionPlan.Preempt preempt -> {
        preempt(pod, preempt, nowMs);
        yield "";
      }
      case PreemptionPlan.Wait wait -> {
        metrics.preemptionFailed();
        yield " preemption: " + wait.why();
      }
      case PreemptionPlan.Nothing nothing -> {
        metrics.preemptionFailed();
        dropNomination(pod, nowMs);
        yield " preemption: " + nothing.why();
      }
    };
  }

  /** Pods of lower priority that were to have the room look for another node. */
  private void preempt(Pod pod, PreemptionPlan.Preempt plan, long nowMs) {
    metrics.preempted(plan.victims().size());
    for (Pod victim : plan.victims()) {
      if (!victim.terminating() && !binding.preempt(victim.key())) {
        outbox.preempt(victim, pod, plan.node(), nowMs);
      }
    }
    List.copyOf(nominations.podsOn(plan.node())).stream()
        .flatMap(key -> cluster.pod(key).stream())
        .filter(other -> other.priority() < pod.priority())
        .forEach(other -> dropNomination(other, nowMs));
    placements.change(pod.key(), () -> nominations.put(pod.key(), plan.node()), nowMs);
    outbox.nominate(pod, plan.node());
  }

  private void dropNomination(Pod pod, long nowMs) {
    if (nominations.of(pod.key()).isPresent()) {
      placements.change(pod.key(), () -> nominations.remove(pod.key()), nowMs);
      outbox.nominate(pod, "");
    }
  }
}
