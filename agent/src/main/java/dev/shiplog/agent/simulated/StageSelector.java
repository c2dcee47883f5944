package dev.shiplog.agent.simulated;

import dev.shiplog.agent.runtime.SandboxStatus;
import java.util.List;
import java.util.Map;

/**
 * Which containers a stage is about: those for which all holds that it says.
 *
 * @param namespaces of their pods; empty for all
 * @param containers their names; empty for all
 * @param matchLabels of their pods
 * @param matchAnnotations of their pods
 * @param matchExpressions about their pods' labels
 */
record StageSelector(
    List<String> namespaces,
    List<String> containers,
    Map<String, String> matchLabels,
    Map<String, String> matchAnnotations,
    List<Expression> matchExpressions) {

  StageSelector {
    namespaces = namespaces == null ? List.of() : List.copyOf(namespaces);
    containers = containers == null ? List.of() : List.copyOf(containers);
    matchLabels = matchLabels == null ? Map.of() : Map.copyOf(matchLabels);
    matchAnnotations = matchAnnotations == null ? Map.of() : Map.copyOf(matchAnnotations);
    matchExpressions = matchExpressions == null ? List.of() : List.copyOf(matchExpressions);
  }

  /** All containers. */
  static final StageSelector ALL = new StageSelector(null, null, null, null, null);

  /** As in a label selector. */
  record Expression(String key, Operator operator, List<String> values) {

    Expression {
      values = values == null ? List.of() : List.copyOf(values);
      if (key == null || operator == null) {
        throw new IllegalArgumentException("an expression has a key and an operator");
      }
      boolean needsValues = operator == Operator.In || operator == Operator.NotIn;
      if (needsValues == values.isEmpty()) {
        throw new IllegalArgumentException(
            "the operator "
                + operator
                + " of "
                + key
                + (needsValues ? " needs values" : " has no values"));
      }
    }

    private boolean holds(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case In -> value != null && values.contains(value);
        case NotIn -> value == null || !values.contains(value);
        case Exists -> value != null;
        case DoesNotExist -> value == null;
      };
    }
  }

  /** Written as Kubernetes writes them. */
  enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist
  }

  boolean selects(SandboxStatus sandbox, String container) {
    return (namespaces.isEmpty() || namespaces.contains(sandbox.pod().namespace()))
        && (containers.isEmpty() || containers.contains(container))
        && sandbox.labels().entrySet().containsAll(matchLabels.entrySet())
        && sandbox.annotations().entrySet().containsAll(matchAnnotations.entrySet())
        && matchExpressions.stream().allMatch(each -> each.holds(sandbox.labels()));
  }
}
