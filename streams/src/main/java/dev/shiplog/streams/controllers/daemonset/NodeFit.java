package dev.shiplog.streams.controllers.daemonset;

import dev.shiplog.streams.controllers.node.NodeTaints;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Whether a daemon belongs on a node. Resources do not matter here: the scheduler finds them, or
 * makes room.
 *
 * @param shouldRun one is to be there
 * @param mayStay one that is there need not go
 */
record NodeFit(boolean shouldRun, boolean mayStay) {

  private static final NodeFit NO = new NodeFit(false, false);

  static NodeFit of(PodSpec daemon, Node node) {
    String name = node.getMetadata().getName();
    boolean anyNode = daemon.getNodeName() == null || daemon.getNodeName().isEmpty();
    if ((!anyNode && !daemon.getNodeName().equals(name)) || !selects(daemon, node)) {
      return NO;
    }
    List<Taint> unbearable =
        NodeTaints.of(node).stream()
            .filter(taint -> !"PreferNoSchedule".equals(taint.getEffect()))
            .filter(taint -> !isTolerated(daemon.getTolerations(), taint))
            .toList();
    boolean evicted =
        unbearable.stream().anyMatch(taint -> NodeTaints.NO_EXECUTE.equals(taint.getEffect()));
    return new NodeFit(unbearable.isEmpty(), !evicted);
  }

  private static boolean isTolerated(List<Toleration> tolerations, Taint taint) {
    return tolerations.stream().anyMatch(toleration -> NodeTaints.tolerates(toleration, taint));
  }

  private static boolean selects(PodSpec daemon, Node node) {
    Map<String, String> labels = labelsOf(node);
    Map<String, String> exact = daemon.getNodeSelector();
    if (exact != null && !labels.entrySet().containsAll(exact.entrySet())) {
      return false;
    }
    if (daemon.getAffinity() == null
        || daemon.getAffinity().getNodeAffinity() == null
        || daemon
                .getAffinity()
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
            == null) {
      return true;
    }
    return daemon
        .getAffinity()
        .getNodeAffinity()
        .getRequiredDuringSchedulingIgnoredDuringExecution()
        .getNodeSelectorTerms()
        .stream()
        .anyMatch(term -> matches(term, node));
  }

  private static Map<String, String> labelsOf(Node node) {
    return node.getMetadata().getLabels() == null ? Map.of() : node.getMetadata().getLabels();
  }

  /** A term without requirements matches nothing. */
  private static boolean matches(NodeSelectorTerm term, Node node) {
    Map<String, String> fields = Map.of("metadata.name", node.getMetadata().getName());
    return !(term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty())
        && term.getMatchExpressions().stream().allMatch(r -> matches(r, labelsOf(node)))
        && term.getMatchFields().stream().allMatch(r -> matches(r, fields));
  }

  private static boolean matches(NodeSelectorRequirement requirement, Map<String, String> values) {
    String value = values.get(requirement.getKey());
    return switch (requirement.getOperator()) {
      case "In" -> value != null && requirement.getValues().contains(value);
      case "NotIn" -> value == null || !requirement.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> compare(value, requirement) > 0;
      case "Lt" -> compare(value, requirement) < 0;
      default -> false; // validation refuses any other
    };
  }

  /** Zero, so that neither holds, where one of the two is no number. */
  private static int compare(String value, NodeSelectorRequirement requirement) {
    try {
      return Long.compare(
          Long.parseLong(Objects.requireNonNullElse(value, "")),
          Long.parseLong(requirement.getValues().getFirst()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
