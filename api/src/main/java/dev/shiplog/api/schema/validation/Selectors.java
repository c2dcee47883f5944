package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.map;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Label selectors: whether they are well formed, and what they match. */
public final class Selectors {

  private static final List<String> OPERATORS = List.of("In", "NotIn", "Exists", "DoesNotExist");

  private Selectors() {}

  static void validate(JsonNode selector, FieldPath path, Causes causes) {
    Checks.labels(at(selector, "matchLabels"), path.child("matchLabels"), causes);
    int i = 0;
    for (ObjectNode requirement : objects(selector, "matchExpressions")) {
      requirement(requirement, path.child("matchExpressions").index(i++), causes);
    }
  }

  static boolean isEmpty(JsonNode selector) {
    return empty(selector, "matchLabels") && empty(selector, "matchExpressions");
  }

  /** Whether a meta/v1 LabelSelector matches; an empty one matches everything. */
  public static boolean matches(JsonNode selector, Map<String, String> labels) {
    return labels.entrySet().containsAll(map(selector, "matchLabels").entrySet())
        && objects(selector, "matchExpressions").stream().allMatch(r -> satisfied(r, labels));
  }

  private static boolean satisfied(ObjectNode requirement, Map<String, String> labels) {
    String value = labels.get(text(requirement, "key"));
    List<String> values = texts(requirement, "values");
    return switch (text(requirement, "operator")) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> false;
    };
  }

  private static void requirement(ObjectNode requirement, FieldPath path, Causes causes) {
    String operator = text(requirement, "operator");
    FieldPath values = path.child("values");
    switch (operator) {
      case "In", "NotIn" -> {
        if (empty(requirement, "values")) {
          causes.required(values, "must be specified when `operator` is 'In' or 'NotIn'");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!empty(requirement, "values")) {
          causes.forbidden(
              values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
      }
      default -> causes.notSupported(path.child("operator"), operator, OPERATORS);
    }
    Checks.name(path.child("key"), text(requirement, "key"), Names::qualified, causes);
    for (String value : texts(requirement, "values")) {
      Checks.name(values, value, Names::labelValue, causes);
    }
  }
}
