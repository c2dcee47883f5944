package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.BindingPlugins;
import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.PodShape;
import dev.shiplog.scheduler.queue.QueuedPod;
import dev.shiplog.scheduler.queue.WakeUp;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What one event does for waiting pods. Shape filters need no hints: whether a pod now passes on
 * the node that changed can simply be looked up.
 */
record QueueingHints(ClusterEvent event, Cycles cycles) implements WakeUp {

  private static final Logger LOG = Logger.getLogger(QueueingHints.class);

  @Override
  public String cause() {
    return switch (event) {
      case ClusterEvent.NodeChanged _ -> "NodeUpdate";
      case ClusterEvent.NodeRemoved _ -> "NodeDelete";
      case ClusterEvent.VolumesChanged _ -> "StorageUpdate";
      case ClusterEvent.PodFreed _ -> "AssignedPodDelete";
      case ClusterEvent.PodPlaced _ -> "AssignedPodAdd";
    };
  }

  @Override
  public boolean helps(PodShape shape) {
    return orFails(() -> mayHelp(shape));
  }

  /** A plugin that fails must neither stop the scheduler nor leave a pod waiting. */
  private static boolean orFails(BooleanSupplier hint) {
    try {
      return hint.getAsBoolean();
    } catch (RuntimeException e) {
      LOG.errorf(e, "a plugin failed to say whether a change may help a pod");
      return true;
    }
  }

  private boolean mayHelp(PodShape shape) {
    return switch (event) {
      case ClusterEvent.NodeChanged changed -> anyPasses(shape, changed.node());
      case ClusterEvent.PodFreed freed -> anyPasses(shape, freed.node());
      case ClusterEvent.PodPlaced placed -> false;
      case ClusterEvent.NodeRemoved removed -> false;
      case ClusterEvent.VolumesChanged changed -> false;
    };
  }

  private boolean anyPasses(PodShape shape, NodeInfo node) {
    for (SchedulingCycle cycle : cycles.all()) {
      if (cycle.passes(shape, node)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean helps(QueuedPod queued) {
    return orFails(() -> mayHelp(queued));
  }

  private boolean mayHelp(QueuedPod queued) {
    SchedulingCycle cycle = cycles.of(queued.pod());
    for (ClusterFilter filter : cycle.profile().clusterFilters()) {
      if (queued.rejectedBy().contains(filter.name())
          && filter.mayPassAfter(event, queued.pod(), cycle.cluster())) {
        return true;
      }
    }
    return wasTurnedDownLate(queued, cycle.profile().binding());
  }

  /**
   * What plugins go by once a pod has a node is not known here: any event may change their mind.
   */
  private static boolean wasTurnedDownLate(QueuedPod queued, BindingPlugins plugins) {
    return queued.rejectedBy().contains(PermitWaits.PREEMPTION)
        || Stream.concat(plugins.reserve().stream(), plugins.permit().stream())
            .anyMatch(plugin -> queued.rejectedBy().contains(plugin.name()));
  }
}
