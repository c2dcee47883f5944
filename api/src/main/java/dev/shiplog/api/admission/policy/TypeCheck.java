package dev.shiplog.api.admission.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.shiplog.api.admission.expressions.Expression;
import dev.shiplog.api.admission.expressions.TypedExpressions;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.custom.ExpressionTypes;
import dev.shiplog.topics.record.Json;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds in a policy what cannot be right for the resources it is about: a field they do not have, a
 * comparison of what cannot be compared. Such a policy counts all the same; its status warns.
 */
final class TypeCheck {

  /** More are not looked at. */
  private static final int MOST_TYPES = 10;

  private final ResourceCatalogue catalogue;

  TypeCheck(ResourceCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** What {@code status.typeChecking} says of a policy. */
  ObjectNode of(ObjectNode policy) {
    ObjectNode spec = Trees.child(policy, "spec");
    Map<String, StringBuilder> warnings = new LinkedHashMap<>();
    for (ResourceType type : types(spec)) {
      check(spec, type, warnings);
    }
    ObjectNode result = Json.MAPPER.createObjectNode();
    if (!warnings.isEmpty()) {
      ArrayNode list = result.putArray("expressionWarnings");
      warnings.forEach((field, text) ->
          list.addObject().put("fieldRef", field).put("warning", text.toString().strip()));
    }
    return result;
  }

  /** Those that rules name; a wildcard says nothing about types. */
  private Set<ResourceType> types(ObjectNode spec) {
    Set<ResourceType> types = new LinkedHashSet<>();
    for (ObjectNode rule : Trees.objects(spec, "matchConstraints", "resourceRules")) {
      for (String group : Trees.texts(rule, "apiGroups")) {
        for (String version : Trees.texts(rule, "apiVersions")) {
          for (String plural : Trees.texts(rule, "resources")) {
            if (types.size() < MOST_TYPES) {
              catalogue.find(group, version, plural).ifPresent(types::add);
            }
          }
        }
      }
    }
    return types;
  }

  private void check(ObjectNode spec, ResourceType type, Map<String, StringBuilder> warnings) {
    CelType params =
        catalogue
            .findByKind(
                Trees.text(spec, "paramKind", "apiVersion"), Trees.text(spec, "paramKind", "kind"))
            .map(ExpressionTypes::of)
            .orElse(SimpleType.DYN);
    TypedExpressions expressions = new TypedExpressions(ExpressionTypes.of(type), params);
    for (ObjectNode variable : Trees.objects(spec, "variables")) {
      expressions.define(Trees.text(variable, "name"), Trees.text(variable, "expression"));
    }
    int i = 0;
    for (ObjectNode validation : Trees.objects(spec, "validations")) {
      String field = "spec.validations[" + i++ + "].";
      String text = Trees.text(validation, "expression");
      note(expressions.condition(text), field + "expression", type, warnings);
      String message = Trees.text(validation, "messageExpression");
      if (!message.isEmpty()) {
        note(expressions.text(message), field + "messageExpression", type, warnings);
      }
    }
  }

  private static void note(
      Expression checked, String field, ResourceType type, Map<String, StringBuilder> warnings) {
    if (!checked.problem().isEmpty()) {
      warnings
          .computeIfAbsent(field, none -> new StringBuilder())
          .append("%s, Kind=%s: %s%n".formatted(type.apiVersion(), type.kind(), checked.problem()));
    }
  }
}
