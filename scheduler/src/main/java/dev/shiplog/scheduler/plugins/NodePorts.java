package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.ShapeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.PodShape;
import java.util.Optional;

/** Keeps a pod off nodes where another has a host port it needs. */
public final class NodePorts implements ShapeFilter {

  private static final Verdict PORT_TAKEN =
      Verdict.unschedulable("node(s) didn't have free ports for the requested pod ports");

  @Override
  public String name() {
    return "NodePorts";
  }

  @Override
  public Optional<NodeFilter> preFilter(PodShape shape) {
    return shape.hostPorts().isEmpty()
        ? Optional.empty()
        : Optional.of(node -> node.hasPortConflict(shape.hostPorts()) ? PORT_TAKEN : Verdict.PASS);
  }
}
