package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Placement;
import dev.shiplog.scheduler.queue.SchedulingQueue;

/** Changes where pods lie, and tells the queue what that frees or fills. One thread. */
final class Placements {

  private final Cluster cluster;
  private final SchedulingQueue queue;
  private final Cycles cycles;
  private long changes;

  Placements(Cluster cluster, SchedulingQueue queue, Cycles cycles) {
    this.cluster = cluster;
    this.queue = queue;
    this.cycles = cycles;
  }

  Cluster cluster() {
    return cluster;
  }

  /** Grows whenever a pod came to a node or left one. */
  long changes() {
    return changes;
  }

  /** Makes a change of where a pod lies, or is nominated to. */
  void change(String podKey, Runnable change, long nowMs) {
    Placement before = cluster.placement(podKey).orElse(null);
    String nominated = cluster.nominations().of(podKey).orElse("");
    change.run();
    Placement after = cluster.placement(podKey).orElse(null);
    if (!nominated.isEmpty() && !cluster.nominations().podsOn(nominated).contains(podKey)) {
      heldNoLonger(nominated, nowMs);
    }
    if (before != null && after != null && before.countsLike(after)) {
      return;
    }
    if (before != null && before.node().node() != null) {
      changes++;
      wake(new ClusterEvent.PodFreed(before.pod(), before.node()), nowMs);
    }
    if (after != null) {
      placed(after, nowMs);
    }
  }

  /** A pod no longer counts on the node it was to have. */
  void forget(String podKey, long nowMs) {
    change(podKey, () -> cluster.forget(podKey), nowMs);
  }

  /** A pod came to a node. */
  void placed(Placement placement, long nowMs) {
    if (placement.node().node() != null) {
      changes++;
      wake(new ClusterEvent.PodPlaced(placement.pod(), placement.node()), nowMs);
    }
  }

  /** Tries those again that an event may help. */
  void wake(ClusterEvent event, long nowMs) {
    if (queue.unschedulableCount() > 0) {
      queue.wake(new QueueingHints(event, cycles), nowMs);
    }
  }

  private void heldNoLonger(String nodeName, long nowMs) {
    cluster.node(nodeName).ifPresent(node -> wake(new ClusterEvent.NodeChanged(node), nowMs));
  }
}
