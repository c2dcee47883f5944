package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import dev.shiplog.api.schema.validation.Causes;
import dev.shiplog.api.schema.validation.FieldPath;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a schema says of one value and not of its place: type, limits, form. Messages are those of
 * Kubernetes' schema validation.
 */
final class ValueRules {

  /** Patterns run in linear time whatever an object's author writes, as they do in Kubernetes. */
  private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

  /** Whether the value has its type, so that what is inside it can be looked at. */
  boolean check(JsonNode facts, JsonNode value, FieldPath path, Causes causes) {
    if (value.isNull() && facts.path("nullable").asBoolean(false)) {
      return true;
    }
    if (!hasType(facts, value)) {
      causes.typeInvalid(
          path,
          typeOf(value),
          "%s in body must be of type %s: \"%s\"".formatted(path, wanted(facts), typeOf(value)));
      return false;
    }
    allowed(facts, value, path, causes);
    switch (value.getNodeType()) {
      case STRING -> text(facts, value, path, causes);
      case NUMBER -> number(facts, value, path, causes);
      case ARRAY -> list(facts, value, path, causes);
      case OBJECT -> object(facts, value, path, causes);
      default -> {} // true, false and null have no limits
    }
    combinations(facts, value, path, causes);
    return true;
  }

  private static String wanted(JsonNode facts) {
    return facts.path("x-kubernetes-int-or-string").asBoolean(false)
        ? "integer,string"
        : facts.path("type").asText();
  }

  private static boolean hasType(JsonNode facts, JsonNode value) {
    if (facts.path("x-kubernetes-int-or-string").asBoolean(false)) {
      return value.isTextual() || isInteger(value);
    }
    return switch (facts.path("type").asText("")) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> isInteger(value);
      case "number" -> value.isNumber();
      default -> true;
    };
  }

  private static boolean isInteger(JsonNode value) {
    return value.isIntegralNumber()
        || (value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0);
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "string";
      case NUMBER -> isInteger(value) ? "integer" : "number";
      case BOOLEAN -> "boolean";
      case ARRAY -> "array";
      case OBJECT -> "object";
      default -> "null";
    };
  }

  private static void allowed(JsonNode facts, JsonNode value, FieldPath path, Causes causes) {
    JsonNode allowed = facts.path("enum");
    if (!allowed.isArray()) {
      return;
    }
    List<String> names = new ArrayList<>();
    for (JsonNode one : allowed) {
      if (one.equals(value)) {
        return;
      }
      names.add(one.asText());
    }
    causes.notSupported(path, value.isValueNode() ? value.asText() : value.toString(), names);
  }

  private void text(JsonNode facts, JsonNode value, FieldPath path, Causes causes) {
    String text = value.textValue();
    int length = text.codePointCount(0, text.length());
    if (facts.has("maxLength") && length > facts.get("maxLength").asLong()) {
      causes.tooLong(path, facts.get("maxLength").asInt());
    }
    if (facts.has("minLength") && length < facts.get("minLength").asLong()) {
      invalid(
          path, value, "should be at least %s chars long", facts.get("minLength").asText(), causes);
    }
    String pattern = facts.path("pattern").asText("");
    if (!pattern.isEmpty()
        && !patterns.computeIfAbsent(pattern, Pattern::compile).matcher(text).find()) {
      invalid(path, value, "should match '%s'", pattern, causes);
    }
    String format = facts.path("format").asText("");
    if (!Formats.fits(format, text)) {
      causes.typeInvalid(
          path, text, "%s in body must be of type %s: %s".formatted(path, format, value));
    }
  }

  private static void number(JsonNode facts, JsonNode value, FieldPath path, Causes causes) {
    BigDecimal number = value.decimalValue();
    if (facts.has("minimum")) {
      boolean exclusive = facts.path("exclusiveMinimum").asBoolean(false);
      int order = number.compareTo(facts.get("minimum").decimalValue());
      if (order < 0 || (exclusive && order == 0)) {
        String than =
            exclusive ? "should be greater than %s" : "should be greater than or equal to %s";
        invalid(path, value, than, shown(facts.get("minimum")), causes);
      }
    }
    if (facts.has("maximum")) {
      boolean exclusive = facts.path("exclusiveMaximum").asBoolean(false);
      int order = number.compareTo(facts.get("maximum").decimalValue());
      if (order > 0 || (exclusive && order == 0)) {
        String than = exclusive ? "should be less than %s" : "should be less than or equal to %s";
        invalid(path, value, than, shown(facts.get("maximum")), causes);
      }
    }
    if (facts.has("multipleOf")) {
      BigDecimal step = facts.get("multipleOf").decimalValue();
      if (step.signum() != 0 && number.remainder(step).signum() != 0) {
        invalid(path, value, "should be a multiple of %s", shown(facts.get("multipleOf")), causes);
      }
    }
    integerFormat(facts, value, path, causes);
  }

  private static void integerFormat(JsonNode facts, JsonNode value, FieldPath path, Causes causes) {
    boolean narrow = facts.path("format").asText("").equals("int32");
    if (narrow && !value.canConvertToInt()) {
      invalid(path, value, "must be a valid %s", "int32", causes);
    }
  }

  private static String shown(JsonNode limit) {
    return limit.decimalValue().stripTrailingZeros().toPlainString();
  }

  private static void list(JsonNode facts, JsonNode value, FieldPath path, Causes causes) {
    if (facts.has("maxItems") && value.size() > facts.get("maxItems").asLong()) {
      causes.tooMany(path, value.size(), facts.get("maxItems").asInt());
    }
    if (facts.has("minItems") && value.size() < facts.get("minItems").asLong()) {
      invalid(path, value, "should have at least %s items", facts.get("minItems").asText(), causes);
    }
    if (facts.path("uniqueItems").asBoolean(false)) {
      Set<JsonNode> seen = new HashSet<>();
      for (JsonNode item : value) {
        if (!seen.add(item)) {
          invalid(path, value, "shouldn't contain %s", "duplicates", causes);
          return;
        }
      }
    }
  }

  private static void object(JsonNode facts, JsonNode value, FieldPath path, Causes causes) {
    for (JsonNode name : facts.path("required")) {
      if (!value.has(name.asText())) {
        causes.required(path.child(name.asText()));
      }
    }
    if (facts.has("maxProperties") && value.size() > facts.get("maxProperties").asLong()) {
      causes.tooMany(path, value.size(), facts.get("maxProperties").asInt());
    }
    if (facts.has("minProperties") && value.size() < facts.get("minProperties").asLong()) {
      invalid(
          path,
          value,
          "should have at least %s properties",
          facts.get("minProperties").asText(),
          causes);
    }
  }

  private void combinations(JsonNode facts, JsonNode value, FieldPath path, Causes causes) {
    JsonNode all = facts.path("allOf");
    if (all.isArray() && matching(all, value) < all.size()) {
      all.forEach(one -> nested(one, value, path, causes));
      invalid(path, value, "must validate all the schemas (%s)", "allOf", causes);
    }
    JsonNode any = facts.path("anyOf");
    if (any.isArray() && !any.isEmpty() && matching(any, value) == 0) {
      any.forEach(one -> nested(one, value, path, causes));
      invalid(path, value, "must validate at least one schema (%s)", "anyOf", causes);
    }
    JsonNode one = facts.path("oneOf");
    if (one.isArray() && !one.isEmpty()) {
      int count = matching(one, value);
      if (count != 1) {
        String found = count == 0 ? "Found none valid" : "Found " + count + " valid alternatives";
        invalid(path, value, "must validate one and only one schema (oneOf). %s", found, causes);
      }
    }
    if (facts.has("not") && fits(facts.get("not"), value)) {
      invalid(path, value, "must not validate the schema (%s)", "not", causes);
    }
  }

  private int matching(JsonNode schemas, JsonNode value) {
    int count = 0;
    for (JsonNode schema : schemas) {
      count += fits(schema, value) ? 1 : 0;
    }
    return count;
  }

  private boolean fits(JsonNode schema, JsonNode value) {
    Causes causes = new Causes();
    nested(schema, value, FieldPath.ROOT, causes);
    return causes.isEmpty();
  }

  /** A schema inside a combination restricts values only, so places are simply walked. */
  private void nested(JsonNode schema, JsonNode value, FieldPath path, Causes causes) {
    if (!check(schema, value, path, causes)) {
      return;
    }
    schema
        .path("properties")
        .properties()
        .forEach(property -> {
          JsonNode field = value.path(property.getKey());
          if (!field.isMissingNode()) {
            nested(property.getValue(), field, path.child(property.getKey()), causes);
          }
        });
    if (schema.path("items").isObject() && value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        nested(schema.get("items"), value.get(i), path.index(i), causes);
      }
    }
    JsonNode additional = schema.path("additionalProperties");
    if (additional.isObject() && value.isObject()) {
      value
          .properties()
          .forEach(field -> {
            if (!schema.path("properties").has(field.getKey())) {
              nested(additional, field.getValue(), path.child(field.getKey()), causes);
            }
          });
    }
  }

  private static void invalid(
      FieldPath path, JsonNode value, String message, String limit, Causes causes) {
    String where = path == FieldPath.ROOT ? "<nil>" : path + " in body";
    causes.invalid(path, value, where + " " + message.formatted(limit));
  }
}
