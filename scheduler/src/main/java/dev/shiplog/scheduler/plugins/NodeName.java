package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import java.util.Optional;

/** Lets a pod that names its node go there alone. */
public final class NodeName implements ClusterFilter {

  private static final Verdict ANOTHER_NODE =
      Verdict.unresolvable("node(s) didn't match the requested node name");

  @Override
  public String name() {
    return "NodeName";
  }

  @Override
  public Optional<NodeFilter> preFilter(Pod pod, Cluster cluster) {
    return pod.isBound()
        ? Optional.of(node -> node.name().equals(pod.nodeName()) ? Verdict.PASS : ANOTHER_NODE)
        : Optional.empty();
  }

  @Override
  public boolean mayPassAfter(ClusterEvent event, Pod pod, Cluster cluster) {
    return event instanceof ClusterEvent.NodeChanged changed
        && changed.node().name().equals(pod.nodeName());
  }
}
