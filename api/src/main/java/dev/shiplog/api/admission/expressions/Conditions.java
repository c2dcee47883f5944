package dev.shiplog.api.admission.expressions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.expressions.Expression.EvaluationException;
import dev.shiplog.api.schema.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The match conditions of a webhook or policy: all must hold. Immutable; any thread.
 *
 * @param conditions none: always
 */
public record Conditions(List<Expression> conditions) {

  public static Conditions of(JsonNode object, Expressions expressions) {
    List<Expression> conditions = new ArrayList<>();
    for (ObjectNode condition : Trees.objects(object, "matchConditions")) {
      conditions.add(expressions.condition(Trees.text(condition, "expression")));
    }
    return new Conditions(List.copyOf(conditions));
  }

  public boolean isEmpty() {
    return conditions.isEmpty();
  }

  /**
   * Whether all hold. One that does not outranks one that fails.
   *
   * @throws EvaluationException if one fails and all others hold
   */
  public boolean hold(Map<String, Object> variables) {
    EvaluationException failed = null;
    for (Expression condition : conditions) {
      try {
        if (!condition.holds(variables)) {
          return false;
        }
      } catch (EvaluationException e) {
        failed = failed == null ? e : failed;
      }
    }
    if (failed != null) {
      throw failed;
    }
    return true;
  }
}
