package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.model.PodShape;
import dev.shiplog.scheduler.queue.QueuedPod;
import dev.shiplog.scheduler.queue.WakeUp;

/**
 * What one event does for waiting pods. Shape filters need no hints: whether a pod now passes on
 * the node that changed can simply be looked up.
 */
record QueueingHints(ClusterEvent event, SchedulingCycle cycle) implements WakeUp {

  @Override
  public boolean helps(PodShape shape) {
    return switch (event) {
      case ClusterEvent.NodeChanged changed -> cycle.passes(shape, changed.node());
      case ClusterEvent.PodFreed freed -> cycle.passes(shape, freed.node());
      case ClusterEvent.PodPlaced placed -> false;
      case ClusterEvent.NodeRemoved removed -> false;
    };
  }

  @Override
  public boolean helps(QueuedPod queued) {
    for (ClusterFilter filter : cycle.profile().clusterFilters()) {
      if (queued.rejectedBy().contains(filter.name()) && filter.mayPassAfter(event, queued.pod())) {
        return true;
      }
    }
    return false;
  }
}
