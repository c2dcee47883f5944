package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.ShapeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.PodShape;
import dev.shiplog.scheduler.model.Taint;
import java.util.Optional;

/** Keeps pods off cordoned nodes, unless they tolerate the taint that stands for that. */
public final class NodeUnschedulable implements ShapeFilter {

  private static final Taint CORDONED =
      new Taint("node.kubernetes.io/unschedulable", "", Taint.Effect.NO_SCHEDULE);
  private static final Verdict UNSCHEDULABLE = Verdict.unresolvable("node(s) were unschedulable");

  @Override
  public String name() {
    return "NodeUnschedulable";
  }

  @Override
  public Optional<NodeFilter> preFilter(PodShape shape) {
    return shape.tolerates(CORDONED)
        ? Optional.empty()
        : Optional.of(node -> node.node().unschedulable() ? UNSCHEDULABLE : Verdict.PASS);
  }
}
