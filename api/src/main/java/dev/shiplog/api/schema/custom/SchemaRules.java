package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.validation.Causes;
import dev.shiplog.api.schema.validation.FieldPath;
import dev.shiplog.api.status.StatusCause;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A schema as the judge of objects. What did not change since the object was last accepted is not
 * held against an update, so that a schema can be made stricter while objects are there.
 */
final class SchemaRules {

  /** What a rule may count on: types, what must be there, and the bounds of what it costs. */
  private static final Set<String> KEEPS_RULES_AWAY =
      Set.of(
          "FieldValueNotSupported",
          "FieldValueRequired",
          "FieldValueTooLong",
          "FieldValueTooMany",
          "FieldValueTypeInvalid");

  private static final String NOT_CHECKED =
      "some validation rules were not checked because the object was invalid; correct the existing"
          + " errors to complete validation";

  private final CustomSchema schema;
  private final ValueRules values = new ValueRules();
  private final CelRules expressions;

  SchemaRules(CustomSchema schema) {
    this.schema = schema;
    this.expressions = CelRules.compile(schema);
  }

  void validate(ObjectNode object, ObjectNode before, List<StatusCause> into) {
    Causes causes = new Causes();
    check(schema, object, before, FieldPath.ROOT, causes);
    if (causes.list().stream().noneMatch(cause -> KEEPS_RULES_AWAY.contains(cause.type()))) {
      expressions.check(object, before, causes);
    } else if (!expressions.isEmpty()) {
      causes.other("FieldValueInvalid", "Invalid value: null: " + NOT_CHECKED, FieldPath.ROOT);
    }
    into.addAll(causes.list());
  }

  private void check(
      CustomSchema at, JsonNode value, JsonNode before, FieldPath path, Causes causes) {
    if (before != null && before.equals(value)) {
      return;
    }
    if (!values.check(at.facts(), value, path, causes)) {
      return;
    }
    switch (value) {
      case ObjectNode object -> fields(at, object, before, path, causes);
      case ArrayNode items -> items(at, items, before, path, causes);
      default -> {} // a plain value has nothing inside
    }
  }

  private void fields(
      CustomSchema at, ObjectNode object, JsonNode before, FieldPath path, Causes causes) {
    if (at.embedded()) {
      requireTypeMeta(object, path, causes);
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      boolean known = path == FieldPath.ROOT && CustomSchema.isTypeMeta(name);
      CustomSchema child = at.child(name);
      if (child != null && !known) {
        JsonNode old = before == null ? null : before.get(name);
        check(child, field.getValue(), old, path.child(name), causes);
      }
    }
  }

  private static void requireTypeMeta(ObjectNode object, FieldPath path, Causes causes) {
    for (String name : List.of("apiVersion", "kind")) {
      if (object.path(name).asText("").isEmpty()) {
        causes.required(path.child(name), "must not be empty");
      }
    }
  }

  private void items(
      CustomSchema at, ArrayNode items, JsonNode before, FieldPath path, Causes causes) {
    duplicates(at, items, path, causes);
    if (at.items() == null) {
      return;
    }
    UnaryOperator<JsonNode> counterparts = at.counterparts(before);
    for (int i = 0; i < items.size(); i++) {
      JsonNode old = counterparts.apply(items.get(i));
      check(at.items(), items.get(i), old, path.index(i), causes);
    }
  }

  private static void duplicates(CustomSchema at, ArrayNode items, FieldPath path, Causes causes) {
    boolean map = at.listType().equals("map");
    if (!map && !at.listType().equals("set")) {
      return;
    }
    Set<Object> seen = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.get(i);
      if (!seen.add(map ? at.keyOf(item) : item)) {
        causes.duplicate(path.index(i), map ? keyShown(at, item) : item);
      }
    }
  }

  private static JsonNode keyShown(CustomSchema at, JsonNode item) {
    ObjectNode key = ((ObjectNode) item.deepCopy()).removeAll();
    List<JsonNode> values = at.keyOf(item);
    for (int i = 0; i < values.size(); i++) {
      if (!values.get(i).isMissingNode()) {
        key.set(at.listMapKeys().get(i), values.get(i));
      }
    }
    return key;
  }
}
