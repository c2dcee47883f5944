package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.PodShape;
import dev.shiplog.scheduler.queue.QueuedPod;
import dev.shiplog.scheduler.queue.WakeUp;
import java.util.Map;

/**
 * What one event does for waiting pods. Shape filters need no hints: whether a pod now passes on
 * the node that changed can simply be looked up.
 */
record QueueingHints(ClusterEvent event, Map<String, SchedulingCycle> cycles) implements WakeUp {

  @Override
  public boolean helps(PodShape shape) {
    return switch (event) {
      case ClusterEvent.NodeChanged changed -> anyPasses(shape, changed.node());
      case ClusterEvent.PodFreed freed -> anyPasses(shape, freed.node());
      case ClusterEvent.PodPlaced placed -> false;
      case ClusterEvent.NodeRemoved removed -> false;
      case ClusterEvent.VolumesChanged changed -> false;
    };
  }

  private boolean anyPasses(PodShape shape, NodeInfo node) {
    for (SchedulingCycle cycle : cycles.values()) {
      if (cycle.passes(shape, node)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean helps(QueuedPod queued) {
    SchedulingCycle cycle = cycles.get(queued.pod().schedulerName());
    for (ClusterFilter filter : cycle.profile().clusterFilters()) {
      if (queued.rejectedBy().contains(filter.name())
          && filter.mayPassAfter(event, queued.pod(), cycle.cluster())) {
        return true;
      }
    }
    return false;
  }
}
