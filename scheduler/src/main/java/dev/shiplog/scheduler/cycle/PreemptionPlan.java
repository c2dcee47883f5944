package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.model.Pod;
import java.util.List;

/** What preemption can do for a pod that fits nowhere. */
sealed interface PreemptionPlan {

  /**
   * Pods to be removed from a node, which then takes the pod.
   *
   * @param victims the most important first
   */
  record Preempt(String node, List<Pod> victims) implements PreemptionPlan {}

  /** Other pods are already on their way out for it. */
  record Wait(String why) implements PreemptionPlan {}

  /** It is not tried. */
  record None() implements PreemptionPlan {}

  /** Nothing. */
  record Nothing(String why) implements PreemptionPlan {}
}
