package dev.shiplog.scheduler.model;

import java.util.List;
import java.util.Map;

/**
 * One alternative of a node selector. A term without any condition matches no node.
 *
 * @param expressions on the node's labels
 * @param fields on the node's fields, of which there is one: {@code metadata.name}
 */
public record NodeSelectorTerm(List<Requirement> expressions, List<Requirement> fields) {

  public NodeSelectorTerm {
    expressions = List.copyOf(expressions);
    fields = List.copyOf(fields);
  }

  public boolean matches(Node node) {
    if (expressions.isEmpty() && fields.isEmpty()) {
      return false;
    }
    return Requirement.allMatch(expressions, node.labels())
        && (fields.isEmpty() || Requirement.allMatch(fields, Map.of("metadata.name", node.name())));
  }

  /**
   * A term that is wished for.
   *
   * @param weight 1 to 100
   */
  public record Preferred(int weight, NodeSelectorTerm term) {}
}
