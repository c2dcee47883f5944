package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;

/**
 * Keeps account of something of its own that pods take, from the decision on: what else would be
 * decided on before the pod is bound must not take the same.
 */
public interface Reserve extends Plugin {

  /**
   * The pod was given a node and counts there already.
   *
   * @return anything but a pass sends the pod back to the queue; {@link #unreserve} is called then
   *     as well
   */
  Verdict reserve(Pod pod, NodeInfo node, Cluster cluster);

  /**
   * The pod does not come to the node after all, for whatever reason. May be called for a pod that
   * this plugin never reserved for, as when another one turned it down first. Not called for one
   * that was bound there.
   */
  void unreserve(Pod pod, String node);
}
