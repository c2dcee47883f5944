package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import java.util.Optional;

/**
 * Keeps pods pending that use devices by ResourceClaims: nobody allocates devices here, and a pod
 * without those it asked for must not run. A profile without this plugin binds them all the same,
 * for clusters where something else sees to their devices.
 */
public final class DynamicResources implements ClusterFilter {

  private static final Verdict NOT_ALLOCATED =
      Verdict.unresolvable(
          "pod uses ResourceClaims, and this scheduler does not allocate devices to them");

  @Override
  public String name() {
    return "DynamicResources";
  }

  @Override
  public Optional<NodeFilter> preFilter(Pod pod, Cluster cluster) {
    return pod.resourceClaims().isEmpty()
        ? Optional.empty()
        : Optional.of(NodeFilter.everywhere(NOT_ALLOCATED));
  }

  @Override
  public boolean mayPassAfter(ClusterEvent event, Pod pod, Cluster cluster) {
    return false;
  }
}
