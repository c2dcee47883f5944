package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.testing.Lots;
import java.util.Set;
import java.util.TreeSet;

/** All the nodes a decision could choose. */
record BestNodes(SchedulingCycle cycle, Lots lots) {

  /** Their names; empty if the pod is unschedulable. */
  Set<String> of(Pod pod) {
    Set<String> names = new TreeSet<>();
    int ties = 1;
    for (int lot = 0; lot < ties; lot++) {
      lots.draw(lot);
      if (cycle.decide(pod) instanceof Decision.Placed placed) {
        names.add(placed.node().name());
      }
      ties = lots.lastBound();
    }
    return names;
  }
}
