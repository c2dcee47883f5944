package dev.shiplog.agent.pod.admission;

import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.node.Machine;
import dev.shiplog.agent.node.NodeSettings;
import java.util.Map;
import java.util.Optional;

/** The labels of the node in the cluster, as they were seen last. Any thread. */
public final class NodeLabels {

  private final String node;
  private final ClusterClient cluster;
  private volatile Map<String, String> known;

  /** At first those that the node gives itself. */
  public NodeLabels(NodeSettings settings, ClusterClient cluster) {
    node = settings.name();
    this.cluster = cluster;
    known = Map.copyOf(settings.ownLabels(Machine.architecture()));
  }

  String node() {
    return node;
  }

  Map<String, String> known() {
    return known;
  }

  /** Those of now; empty if the cluster cannot be asked or does not know the node. Blocks. */
  Optional<Map<String, String>> read() {
    try {
      Optional<Map<String, String>> now =
          cluster.node(node).map(each -> each.getMetadata().getLabels()).map(Map::copyOf);
      now.ifPresent(labels -> known = labels);
      return now;
    } catch (ClusterException e) {
      return Optional.empty();
    }
  }
}
