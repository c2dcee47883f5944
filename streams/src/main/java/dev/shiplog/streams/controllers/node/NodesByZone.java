package dev.shiplog.streams.controllers.node;

import static dev.shiplog.streams.kit.ResourceTypes.NODES;

import dev.shiplog.streams.kit.Index;
import io.fabric8.kubernetes.api.model.Node;
import java.util.List;
import java.util.Map;

/** Nodes by the zone they are in, so that a node's trouble costs no look at all others. */
final class NodesByZone {

  /**
   * For {@link #READY}: the ready ones of all zones. No zone is called so: its name has a slash.
   */
  static final String ANY = "*";

  static final Index<Node> ALL = new Index<>(NODES, "zone", node -> List.of(zone(node)));

  static final Index<Node> READY =
      new Index<>(NODES, "ready", node -> isReady(node) ? List.of(ANY, zone(node)) : List.of());

  private NodesByZone() {}

  /** Region and zone by the node's labels; empty parts where it has none. */
  static String zone(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    Map<String, String> known = labels == null ? Map.of() : labels;
    return known.getOrDefault("topology.kubernetes.io/region", "")
        + "/"
        + known.getOrDefault("topology.kubernetes.io/zone", "");
  }

  private static boolean isReady(Node node) {
    return NodeTaints.condition(node, "Ready")
        .filter(condition -> condition.getStatus().equals("True"))
        .isPresent();
  }
}
