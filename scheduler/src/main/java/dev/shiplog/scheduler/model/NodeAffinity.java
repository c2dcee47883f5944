package dev.shiplog.scheduler.model;

import java.util.List;
import java.util.Map;

/**
 * Which nodes a pod must or would like to run on, its nodeSelector included.
 *
 * @param nodeSelector labels a node must have
 * @param required alternatives of which one must match; null where nothing is required, while an
 *     empty list matches no node
 * @param preferred wishes
 */
public record NodeAffinity(
    Map<String, String> nodeSelector,
    List<NodeSelectorTerm> required,
    List<NodeSelectorTerm.Preferred> preferred) {

  public static final NodeAffinity NONE = new NodeAffinity(Map.of(), null, List.of());

  public NodeAffinity {
    nodeSelector = Map.copyOf(nodeSelector);
    required = required == null ? null : List.copyOf(required);
    preferred = List.copyOf(preferred);
  }

  /** True if every node will do. */
  public boolean allowsEveryNode() {
    return nodeSelector.isEmpty() && required == null;
  }

  /** True if the pod may run on the node. */
  public boolean allows(Node node) {
    return selects(node.labels()) && (required == null || anyTermMatches(node));
  }

  private boolean selects(Map<String, String> labels) {
    for (Map.Entry<String, String> wanted : nodeSelector.entrySet()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private boolean anyTermMatches(Node node) {
    for (NodeSelectorTerm term : required) {
      if (term.matches(node)) {
        return true;
      }
    }
    return false;
  }
}
