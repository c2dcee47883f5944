package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.cycle.Bunch.Placed;
import dev.shiplog.scheduler.framework.Verdict;

/** A plugin turned down a pod that had a node already. */
record Rejection(Placed placed, String plugin, Verdict verdict) {

  /** In Kubernetes' words, which speak of the one node that was left. */
  String message() {
    Reasons reasons = new Reasons();
    reasons.add(verdict);
    return reasons.message();
  }
}
