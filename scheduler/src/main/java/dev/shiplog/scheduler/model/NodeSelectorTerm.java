package dev.shiplog.scheduler.model;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One alternative of a node selector. A term without any condition matches no node.
 *
 * @param expressions on the node's labels
 * @param fields on the node's fields, of which there is one: {@code metadata.name}
 */
public record NodeSelectorTerm(List<Requirement> expressions, List<Requirement> fields) {

  private static final String NAME = "metadata.name";

  public NodeSelectorTerm {
    expressions = List.copyOf(expressions);
    fields = List.copyOf(fields);
  }

  public boolean matches(Node node) {
    if (expressions.isEmpty() && fields.isEmpty()) {
      return false;
    }
    return Requirement.allMatch(expressions, node.labels())
        && (fields.isEmpty() || Requirement.allMatch(fields, Map.of(NAME, node.name())));
  }

  /** The nodes that it names, all conditions on the name together; empty if there are none. */
  Optional<Set<String>> nodeNames() {
    Set<String> names = null;
    for (Requirement field : fields) {
      if (field.key().equals(NAME) && field.operator() == Requirement.Operator.IN) {
        if (names == null) {
          names = new HashSet<>(field.values());
        } else {
          names.retainAll(field.values());
        }
      }
    }
    return Optional.ofNullable(names);
  }

  /**
   * A term that is wished for.
   *
   * @param weight 1 to 100
   */
  public record Preferred(int weight, NodeSelectorTerm term) {}
}
