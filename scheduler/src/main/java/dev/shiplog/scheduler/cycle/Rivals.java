package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import java.util.List;
import java.util.function.Supplier;

/**
 * The pods that are nominated to a node and not less urgent than the one that is looked at: room is
 * left for them. One thread.
 */
record Rivals(Cluster cluster) {

  /** Those on a node. */
  List<Pod> on(NodeInfo node, Pod pod) {
    return cluster.nominations().podsOn(node.name()).stream()
        .flatMap(key -> cluster.pod(key).stream())
        .filter(rival -> isRival(rival, pod))
        .toList();
  }

  private boolean isRival(Pod nominated, Pod pod) {
    return nominated.priority() >= pod.priority()
        && !nominated.key().equals(pod.key())
        && nominated.isPending()
        && cluster.placement(nominated.key()).isEmpty();
  }

  /** What is said if they were on the node already; a pass where there are none. */
  Verdict verdict(NodeInfo node, Pod pod, Supplier<Verdict> verdict) {
    List<Pod> rivals = on(node, pod);
    if (rivals.isEmpty()) {
      return Verdict.PASS;
    }
    rivals.forEach(rival -> cluster.assume(rival, node.name()));
    try {
      return verdict.get();
    } finally {
      rivals.forEach(rival -> cluster.forget(rival.key()));
    }
  }
}
