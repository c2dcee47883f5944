package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;

/** A change that may let waiting pods be scheduled. Nodes are as they are after it. */
public sealed interface ClusterEvent {

  /** A node came, or something about it changed that scheduling reads. */
  record NodeChanged(NodeInfo node) implements ClusterEvent {}

  /** A node is gone, and with it what was counted there. */
  record NodeRemoved(String name) implements ClusterEvent {}

  /** A claim, a volume or a storage class came or changed. */
  record VolumesChanged() implements ClusterEvent {}

  /** A pod no longer takes anything of a node. */
  record PodFreed(Pod pod, NodeInfo node) implements ClusterEvent {}

  /** A pod came to lie on a node, or one that lies there changed. */
  record PodPlaced(Pod pod, NodeInfo node) implements ClusterEvent {}
}
