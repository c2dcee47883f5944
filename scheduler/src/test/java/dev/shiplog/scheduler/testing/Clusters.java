package dev.shiplog.scheduler.testing;

import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import java.util.List;

/** Clusters for tests. */
public final class Clusters {

  private Clusters() {}

  public static Cluster of(List<Node> nodes, Pod... pods) {
    Cluster cluster = new Cluster();
    nodes.forEach(cluster::putNode);
    for (Pod pod : pods) {
      cluster.putPod(pod);
    }
    return cluster;
  }

  /** One node with what is bound to it. */
  public static NodeInfo nodeWith(Node node, Pod... pods) {
    return of(List.of(node), pods).node(node.name()).orElseThrow();
  }
}
