package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;

/** Lets a pod that has a node be bound, or keeps it from that, or has it wait. */
public interface Permit extends Plugin {

  /**
   * Asked once the pod is reserved for; and where that is answered with a wait, again whenever a
   * pod came to a node or left one. The pod counts on its node meanwhile.
   *
   * @param node as it is, with the pod
   */
  Permission permit(Pod pod, NodeInfo node, Cluster cluster);
}
