package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.model.NodeInfo;

/** What came of looking for a node. */
public sealed interface Decision {

  /** The best node, or one of several that are equally good. */
  record Placed(NodeInfo node) implements Decision {}

  /** There is none, and why. */
  record Unschedulable(Diagnosis diagnosis) implements Decision {}
}
