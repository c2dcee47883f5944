package dev.shiplog.api.admission.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.expressions.Conditions;
import dev.shiplog.api.admission.expressions.Expression;
import dev.shiplog.api.admission.expressions.Expressions;
import dev.shiplog.api.admission.matching.Matching;
import dev.shiplog.api.schema.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A policy of either kind, compiled. Immutable; any thread.
 *
 * @param paramApiVersion of its parameters; empty if it has none
 * @param ignoresFailure whether a request passes when an expression fails
 * @param variables by name, in their order
 * @param again whether a mutating one may be asked a second time
 */
record Policy(
    String name,
    Matching matching,
    Conditions conditions,
    String paramApiVersion,
    String paramKind,
    boolean ignoresFailure,
    Map<String, Expression> variables,
    List<Rule> validations,
    Map<String, Expression> auditAnnotations,
    List<Mutation> mutations,
    boolean again) {

  /**
   * What must hold.
   *
   * @param messageExpression null if there is none
   */
  record Rule(Expression expression, String message, Expression messageExpression, String reason) {}

  /** What is changed. */
  record Mutation(boolean jsonPatch, Expression expression) {}

  static Policy of(String name, ObjectNode tree) {
    ObjectNode spec = Trees.child(tree, "spec");
    Expressions expressions = Expressions.ofPolicies();
    Map<String, Expression> variables = new LinkedHashMap<>();
    for (ObjectNode variable : Trees.objects(spec, "variables")) {
      variables.put(
          Trees.text(variable, "name"), expressions.any(Trees.text(variable, "expression")));
    }
    Map<String, Expression> annotations = new LinkedHashMap<>();
    for (ObjectNode annotation : Trees.objects(spec, "auditAnnotations")) {
      annotations.put(
          Trees.text(annotation, "key"),
          expressions.text(Trees.text(annotation, "valueExpression")));
    }
    return new Policy(
        name,
        Matching.ofPolicy(spec.path("matchConstraints")),
        Conditions.of(spec, expressions),
        Trees.text(spec, "paramKind", "apiVersion"),
        Trees.text(spec, "paramKind", "kind"),
        Trees.text(spec, "failurePolicy").equals("Ignore"),
        variables,
        validations(spec, expressions),
        annotations,
        mutations(spec, expressions),
        Trees.text(spec, "reinvocationPolicy").equals("IfNeeded"));
  }

  private static List<Rule> validations(ObjectNode spec, Expressions expressions) {
    List<Rule> rules = new ArrayList<>();
    for (ObjectNode validation : Trees.objects(spec, "validations")) {
      String message = Trees.text(validation, "messageExpression");
      rules.add(
          new Rule(
              expressions.condition(Trees.text(validation, "expression")),
              Trees.text(validation, "message").strip(),
              message.isEmpty() ? null : expressions.text(message),
              Trees.text(validation, "reason")));
    }
    return rules;
  }

  private static List<Mutation> mutations(ObjectNode spec, Expressions expressions) {
    List<Mutation> mutations = new ArrayList<>();
    for (ObjectNode mutation : Trees.objects(spec, "mutations")) {
      boolean patch = Trees.text(mutation, "patchType").equals("JSONPatch");
      String field = patch ? "jsonPatch" : "applyConfiguration";
      mutations.add(
          new Mutation(patch, expressions.any(Trees.text(mutation, field, "expression"))));
    }
    return mutations;
  }

  boolean hasParameters() {
    return !paramKind.isEmpty();
  }
}
