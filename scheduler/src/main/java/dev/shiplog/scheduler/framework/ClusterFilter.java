package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import java.util.Optional;

/** A filter whose verdict depends on other nodes, or on pods elsewhere, as well. */
public interface ClusterFilter extends Plugin {

  /**
   * Does what need not be done again for every node. The result is used before anything changes.
   *
   * @return empty if the pod passes on every node
   */
  Optional<NodeFilter> preFilter(Pod pod, Cluster cluster);

  /**
   * The queueing hint: whether a pod that this filter turned down might pass now. Saying no when it
   * would leaves the pod waiting for minutes; saying yes when it would not costs one attempt.
   */
  default boolean mayPassAfter(ClusterEvent event, Pod pod, Cluster cluster) {
    return true;
  }
}
