package dev.shiplog.scheduler.model;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

  /**
   * Names of the only nodes that come into question, where each alternative names some; empty where
   * one does not.
   */
  public Optional<Set<String>> nodeNames() {
    if (required == null || required.isEmpty()) {
      return Optional.empty();
    }
    Set<String> names = new HashSet<>();
    for (NodeSelectorTerm term : required) {
      Optional<Set<String>> ofTerm = term.nodeNames();
      if (ofTerm.isEmpty()) {
        return Optional.empty();
      }
      names.addAll(ofTerm.get());
    }
    return Optional.of(names);
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
