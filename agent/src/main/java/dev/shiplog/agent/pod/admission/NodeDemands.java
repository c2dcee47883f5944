package dev.shiplog.agent.pod.admission;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which nodes a pod may be on.
 *
 * @param labels that a node must have
 * @param terms of which a node must meet one; empty where there is no such list
 */
record NodeDemands(Map<String, String> labels, Optional<List<NodeSelectorTerm>> terms) {

  /** The only field of nodes that terms may name. */
  private static final String NAME = "metadata.name";

  static NodeDemands of(Pod pod) {
    Map<String, String> labels = pod.getSpec().getNodeSelector();
    return new NodeDemands(
        labels == null ? Map.of() : labels,
        Optional.ofNullable(pod.getSpec().getAffinity())
            .map(Affinity::getNodeAffinity)
            .map(NodeAffinity::getRequiredDuringSchedulingIgnoredDuringExecution)
            .map(NodeSelector::getNodeSelectorTerms));
  }

  boolean areMetBy(String node, Map<String, String> has) {
    return has.entrySet().containsAll(labels.entrySet())
        && terms.map(any -> any.stream().anyMatch(term -> isMet(term, node, has))).orElse(true);
  }

  /** A term that asks for nothing is met by no node, as in Kubernetes. */
  private static boolean isMet(NodeSelectorTerm term, String node, Map<String, String> has) {
    boolean asks = !term.getMatchExpressions().isEmpty() || !term.getMatchFields().isEmpty();
    return asks
        && term.getMatchExpressions().stream().allMatch(each -> isMet(each, has))
        && term.getMatchFields().stream().allMatch(each -> isMet(each, Map.of(NAME, node)));
  }

  private static boolean isMet(NodeSelectorRequirement asked, Map<String, String> has) {
    String value = has.get(asked.getKey());
    return switch (asked.getOperator()) {
      case "In" -> value != null && asked.getValues().contains(value);
      case "NotIn" -> value == null || !asked.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> comparison(value, asked).orElse(0) > 0;
      case "Lt" -> comparison(value, asked).orElse(0) < 0;
      default -> false;
    };
  }

  /** How the label's number compares to the one that is asked for; empty if either is none. */
  private static OptionalLong comparison(String value, NodeSelectorRequirement asked) {
    try {
      return value == null
          ? OptionalLong.empty()
          : OptionalLong.of(
              Long.compare(Long.parseLong(value), Long.parseLong(asked.getValues().getFirst())));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
