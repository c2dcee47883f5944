package dev.shiplog.api.admission.expressions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.validation.Causes;
import dev.shiplog.api.schema.validation.FieldPath;
import dev.shiplog.api.status.Failures;

/** Refuses webhooks and policies whose expressions cannot be compiled. */
public final class ConfigurationCheck {

  private static final String GROUP = "admissionregistration.k8s.io";

  private ConfigurationCheck() {}

  /** Whether the request makes or changes something that has expressions. */
  public static boolean concerns(AdmissionRequest request) {
    return request.target().type().group().equals(GROUP)
        && request.target().subresource().isEmpty()
        && (request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE);
  }

  /**
   * Compiles all expressions of the object.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code Invalid}, naming those that cannot be
   */
  public static void check(AdmissionRequest request) {
    Causes causes = new Causes();
    ObjectNode object = request.object();
    int i = 0;
    for (ObjectNode webhook : Trees.objects(object, "webhooks")) {
      conditions(webhook, FieldPath.of("webhooks").index(i++), Expressions.ofWebhooks(), causes);
    }
    JsonNode spec = object.path("spec");
    FieldPath path = FieldPath.of("spec");
    conditions(spec, path, Expressions.ofPolicies(), causes);
    list(spec, path, "variables", "expression", causes);
    rules(spec, path, causes);
    list(spec, path, "auditAnnotations", "valueExpression", causes);
    mutations(spec, path, causes);
    if (!causes.isEmpty()) {
      throw Failures.invalid(
          GROUP, request.target().type().kind(), request.target().name(), causes.list());
    }
  }

  private static void conditions(
      JsonNode object, FieldPath path, Expressions expressions, Causes causes) {
    int i = 0;
    for (ObjectNode condition : Trees.objects(object, "matchConditions")) {
      String text = Trees.text(condition, "expression");
      report(
          expressions.condition(text),
          path.child("matchConditions").index(i++).child("expression"),
          causes);
    }
  }

  private static void rules(JsonNode spec, FieldPath path, Causes causes) {
    int i = 0;
    for (ObjectNode rule : Trees.objects(spec, "validations")) {
      FieldPath place = path.child("validations").index(i++);
      Expressions expressions = Expressions.ofPolicies();
      report(
          expressions.condition(Trees.text(rule, "expression")), place.child("expression"), causes);
      String message = Trees.text(rule, "messageExpression");
      if (!message.isEmpty()) {
        report(expressions.text(message), place.child("messageExpression"), causes);
      }
    }
  }

  private static void list(
      JsonNode spec, FieldPath path, String list, String field, Causes causes) {
    int i = 0;
    for (ObjectNode item : Trees.objects(spec, list)) {
      report(
          Expressions.ofPolicies().any(Trees.text(item, field)),
          path.child(list).index(i++).child(field),
          causes);
    }
  }

  private static void mutations(JsonNode spec, FieldPath path, Causes causes) {
    int i = 0;
    for (ObjectNode mutation : Trees.objects(spec, "mutations")) {
      String field =
          Trees.text(mutation, "patchType").equals("JSONPatch")
              ? "jsonPatch"
              : "applyConfiguration";
      report(
          Expressions.ofPolicies().any(Trees.text(mutation, field, "expression")),
          path.child("mutations").index(i++).child(field).child("expression"),
          causes);
    }
  }

  private static void report(Expression expression, FieldPath path, Causes causes) {
    if (!expression.problem().isEmpty()) {
      causes.invalid(path, expression.text(), "compilation failed: " + expression.problem());
    }
  }
}
