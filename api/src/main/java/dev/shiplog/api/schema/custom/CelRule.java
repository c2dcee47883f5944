package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.bundle.Cel;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.validation.Causes;
import dev.shiplog.api.schema.validation.FieldPath;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One rule, compiled. */
final class CelRule {

  private static final int LONGEST_MESSAGE = 2048;

  private final JsonNode facts;
  private final Program rule;
  private final Program messageExpression;
  private final String unusable;
  private final boolean transition;
  private final boolean optionalOld;

  private CelRule(JsonNode facts, Program rule, Program messageExpression, String unusable) {
    this.facts = facts;
    this.rule = rule;
    this.messageExpression = messageExpression;
    this.unusable = unusable;
    this.transition = facts.path("rule").asText("").matches("(?s).*\\boldSelf\\b.*");
    this.optionalOld = facts.path("optionalOldSelf").asBoolean(false);
  }

  /**
   * Compiles a rule; what is wrong with it is told, and it then refuses every object.
   *
   * @param costs is told what can be compiled; null if nobody asks what it costs
   */
  static CelRule compile(
      Cel cel, JsonNode facts, FieldPath path, Causes causes, CelCosts.Place costs) {
    try {
      FieldPath place = path.child("rule");
      var ast = tree(cel, Trees.text(facts, "rule"), SimpleType.BOOL, place, causes);
      if (costs != null) {
        costs.rule(ast, place);
      }
      Program message = null;
      String expression = Trees.text(facts, "messageExpression");
      if (!expression.isEmpty()) {
        place = path.child("messageExpression");
        var messageAst = tree(cel, expression, SimpleType.STRING, place, causes);
        if (costs != null) {
          costs.message(messageAst, place);
        }
        message = cel.createProgram(messageAst);
      }
      return new CelRule(facts, cel.createProgram(ast), message, "");
    } catch (CelValidationException | CelEvaluationException e) {
      return new CelRule(facts, null, null, "compilation failed: " + e.getMessage());
    }
  }

  private static CelAbstractSyntaxTree tree(
      Cel cel, String expression, CelType wanted, FieldPath path, Causes causes)
      throws CelValidationException {
    boolean rule = wanted.equals(SimpleType.BOOL);
    var compiled = cel.compile(expression);
    if (expression.isBlank()) {
      causes.required(
          path,
          rule ? "rule is not specified" : "messageExpression must be non-empty if specified");
    } else if (compiled.hasError()) {
      String what = rule ? "compilation failed: " : "messageExpression compilation failed: ";
      causes.invalid(path, expression, what + compiled.getErrorString());
    } else if (!compiled.getAst().getResultType().equals(wanted)
        && !compiled.getAst().getResultType().equals(SimpleType.DYN)) {
      String what = rule ? "cel expression" : "messageExpression";
      causes.invalid(
          path, expression, what + " must evaluate to a " + wanted.name().toLowerCase(Locale.ROOT));
    }
    return compiled.getAst();
  }

  /**
   * Tells what is wrong with the rest of the rule.
   *
   * @param within path of the list whose items have nothing to be compared with; null for none
   */
  void checkFacts(CustomSchema schema, FieldPath path, FieldPath within, Causes causes) {
    String text = Trees.text(facts, "rule");
    if (transition && within != null) {
      causes.invalid(
          path.child("rule"),
          text,
          "oldSelf cannot be used on the uncorrelatable portion of the schema within " + within);
    }
    if (!transition && !Trees.absent(facts, "optionalOldSelf")) {
      causes.invalid(
          path.child("optionalOldSelf"),
          facts.get("optionalOldSelf"),
          "may not be set if oldSelf is not used in rule");
    }
    String message = Trees.text(facts, "message");
    if (message.isEmpty() && text.strip().contains("\n")) {
      causes.required(
          path.child("message"), "message must be specified if rule contains line breaks");
    } else if (!message.isEmpty() && message.isBlank()) {
      causes.invalid(path.child("message"), message, "message must be non-empty if specified");
    } else if (message.strip().contains("\n")) {
      causes.invalid(path.child("message"), message, "message must not contain line breaks");
    }
    String field = Trees.text(facts, "fieldPath");
    if (!field.isEmpty()) {
      String problem = SchemaPaths.follow(schema, field, true).problem();
      if (!problem.isEmpty()) {
        causes.invalid(
            path.child("fieldPath"), field, "fieldPath must be a valid path: " + problem);
      }
    }
  }

  void check(
      CustomSchema schema,
      JsonNode value,
      JsonNode before,
      FieldPath path,
      CelBudget budget,
      Causes causes) {
    if (budget.isSpent()) {
      return; // which has been told where it ran out
    }
    if (transition && !optionalOld && before == null) {
      return;
    }
    if (!transition && before != null && before.equals(value)) {
      return; // what it says of this value, it said when the value was written
    }
    String failure = failure(schema, value, before, budget);
    if (failure != null) {
      report(schema, failure, path, causes);
    }
  }

  /** Null if the rule holds. */
  private String failure(CustomSchema schema, JsonNode value, JsonNode before, CelBudget budget) {
    if (rule == null) {
      return unusable;
    }
    Map<String, Object> variables = variables(schema, value, before);
    try {
      boolean holds = Boolean.TRUE.equals(budget.spendOn(rule, variables));
      return holds ? null : message(variables, budget);
    } catch (CelBudget.SpentException e) {
      return e.getMessage();
    } catch (CelBudget.TooCostlyException e) {
      return "'%s': no further validation rules will be run due to call cost exceeds limit for rule: %s"
          .formatted(e.getMessage(), staticMessage());
    } catch (CelEvaluationException e) {
      return "rule evaluation error: %s evaluating rule: %s"
          .formatted(e.getMessage(), staticMessage());
    }
  }

  private Map<String, Object> variables(CustomSchema schema, JsonNode value, JsonNode before) {
    Map<String, Object> variables = new HashMap<>();
    variables.put("self", CelValues.of(value, schema));
    if (optionalOld) {
      variables.put("oldSelf", Optional.ofNullable(before).map(old -> CelValues.of(old, schema)));
    } else if (before != null) {
      variables.put("oldSelf", CelValues.of(before, schema));
    }
    return variables;
  }

  private String message(Map<String, Object> variables, CelBudget budget) {
    if (messageExpression != null) {
      try {
        String made = String.valueOf(budget.spendOn(messageExpression, variables)).strip();
        if (!made.isEmpty() && made.length() <= LONGEST_MESSAGE && !made.contains("\n")) {
          return made;
        }
      } catch (CelEvaluationException | CelBudget.TooCostlyException | CelBudget.SpentException e) {
        return staticMessage(); // the rule failed all the same
      }
    }
    return staticMessage();
  }

  private String staticMessage() {
    String message = Trees.text(facts, "message").strip();
    return message.isEmpty() ? "failed rule: " + Trees.text(facts, "rule").strip() : message;
  }

  private void report(CustomSchema schema, String message, FieldPath path, Causes causes) {
    FieldPath place = path;
    for (String name : Trees.text(facts, "fieldPath").split("\\.")) {
      if (!name.isEmpty()) {
        place = place.child(name);
      }
    }
    // Several rules may speak of one field, and each has something else to say.
    switch (Trees.text(facts, "reason")) {
      case "FieldValueForbidden" ->
          causes.other("FieldValueForbidden", "Forbidden: " + message, place);
      case "FieldValueRequired" ->
          causes.other("FieldValueRequired", "Required value: " + message, place);
      case "FieldValueDuplicate" ->
          causes.other("FieldValueDuplicate", "Duplicate value: " + shown(schema), place);
      default ->
          causes.other(
              "FieldValueInvalid", "Invalid value: " + shown(schema) + ": " + message, place);
    }
  }

  private static String shown(CustomSchema schema) {
    return "\"" + schema.type() + "\"";
  }
}
