package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.validation.Causes;
import dev.shiplog.api.schema.validation.FieldPath;
import dev.shiplog.api.status.StatusCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a schema is structural: every place has one type, said once, so that objects can be
 * pruned and filled in; and whether its rules, patterns and defaults can be used.
 */
public final class StructuralSchemas {

  private static final Map<String, String> FORBIDDEN =
      Map.of(
          "$ref", "$ref is not supported",
          "id", "id is not supported",
          "definitions", "definitions is not supported",
          "dependencies", "dependencies is not supported",
          "patternProperties", "patternProperties is not supported",
          "additionalItems", "additionalItems is not supported");

  /** What says where things are; a combination may only restrict values. */
  private static final Set<String> ONLY_STRUCTURAL =
      Set.of(
          "description",
          "default",
          "additionalProperties",
          "nullable",
          "x-kubernetes-preserve-unknown-fields",
          "x-kubernetes-embedded-resource",
          "x-kubernetes-list-type",
          "x-kubernetes-list-map-keys",
          "x-kubernetes-map-type");

  private static final List<String> TYPES =
      List.of("array", "boolean", "integer", "number", "object", "string");
  private static final List<String> MAP_TYPES = List.of("atomic", "granular");
  private static final String MAP_TYPE = "x-kubernetes-map-type";
  private static final String PRESERVES = "x-kubernetes-preserve-unknown-fields";

  private static final Set<String> IN_METADATA = Set.of("name", "generateName");

  private final Causes causes;

  private StructuralSchemas(Causes causes) {
    this.causes = causes;
  }

  /** Tells what is wrong with a new schema. */
  public static void check(JsonNode schema, FieldPath path, Causes causes) {
    check(schema, path, false, causes);
  }

  /**
   * Tells what is wrong with a schema.
   *
   * @param known whether it was accepted before, as it is
   */
  public static void check(JsonNode schema, FieldPath path, boolean known, Causes causes) {
    if (!Trees.text(schema, "type").equals("object")) {
      causes.invalid(path.child("type"), Trees.text(schema, "type"), "must be object at the root");
    }
    if (schema.path("nullable").asBoolean(false)) {
      causes.forbidden(path.child("nullable"), "nullable cannot be true at the root");
    }
    StructuralSchemas checks = new StructuralSchemas(causes);
    checks.structure(schema, path, "at the root");
    metadata(schema, path, causes);
    if (causes.isEmpty()) {
      CustomSchema whole = CustomSchema.of(schema);
      checks.defaults(whole, path);
      CelRules.check(whole, path, known, causes);
    }
  }

  private void structure(JsonNode schema, FieldPath path, String where) {
    forbidden(schema, path);
    boolean free = flag(schema, "int-or-string") || flag(schema, "preserve-unknown-fields");
    String type = Trees.text(schema, "type");
    if (type.isEmpty() && !free) {
      causes.required(path.child("type"), "must not be empty for specified " + where);
    } else if (!type.isEmpty() && flag(schema, "int-or-string")) {
      causes.invalid(
          path.child("type"), type, "must be empty if x-kubernetes-int-or-string is specified");
    }
    extensions(schema, type, path);
    JsonNode additional = schema.path("additionalProperties");
    if (additional.isBoolean() && !additional.booleanValue()) {
      causes.forbidden(
          path.child("additionalProperties"), "additionalProperties cannot be set to false");
    }
    if (!additional.isMissingNode() && !schema.path("properties").isEmpty()) {
      causes.forbidden(
          path.child("additionalProperties"),
          "additionalProperties and properties are mutual exclusive");
    }
    list(schema, path);
    schema
        .path("properties")
        .properties()
        .forEach(field ->
            structure(
                field.getValue(), path.child("properties").key(field.getKey()), "object fields"));
    if (additional.isObject()) {
      structure(additional, path.child("additionalProperties"), "object fields");
    }
    if (schema.path("items").isArray()) {
      causes.forbidden(path.child("items"), "items must be a schema object and not an array");
    } else if (schema.path("items").isObject()) {
      structure(schema.get("items"), path.child("items"), "array items");
    } else if (type.equals("array")) {
      causes.required(path.child("items"), "must be specified");
    }
    combinations(schema, path);
  }

  private void extensions(JsonNode schema, String type, FieldPath path) {
    if (!type.isEmpty() && !TYPES.contains(type)) {
      causes.notSupported(path.child("type"), type, TYPES);
    }
    JsonNode preserves = schema.path(PRESERVES);
    if (preserves.isBoolean() && !preserves.booleanValue()) {
      causes.invalid(path.child(PRESERVES), preserves, "must be true or undefined");
    }
    if (flag(schema, "embedded-resource")) {
      if (!type.equals("object")) {
        causes.invalid(
            path.child("type"), type, "must be object if x-kubernetes-embedded-resource is true");
      }
      if (schema.path("properties").isEmpty() && !flag(schema, "preserve-unknown-fields")) {
        causes.required(
            path.child("properties"),
            "must not be empty if x-kubernetes-embedded-resource is true without"
                + " x-kubernetes-preserve-unknown-fields");
      }
    }
    String map = Trees.text(schema, MAP_TYPE);
    if (!map.isEmpty() && !MAP_TYPES.contains(map)) {
      causes.notSupported(path.child(MAP_TYPE), map, MAP_TYPES);
    } else if (!map.isEmpty() && !type.equals("object")) {
      causes.invalid(
          path.child("type"), type, "must be object if x-kubernetes-map-type is specified");
    }
  }

  private void forbidden(JsonNode schema, FieldPath path) {
    FORBIDDEN.forEach((field, why) -> {
      if (!Trees.empty(schema, field)) {
        causes.forbidden(path.child(field), why);
      }
    });
    if (schema.path("uniqueItems").asBoolean(false)) {
      causes.forbidden(
          path.child("uniqueItems"),
          "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
    }
    String pattern = Trees.text(schema, "pattern");
    try {
      var _ = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      causes.invalid(
          path.child("pattern"),
          pattern,
          "must be a valid regular expression, but isn't: " + e.getMessage());
    }
  }

  private void list(JsonNode schema, FieldPath path) {
    String kind = Trees.text(schema, "x-kubernetes-list-type");
    FieldPath keys = path.child("x-kubernetes-list-map-keys");
    List<String> names = Trees.texts(schema, "x-kubernetes-list-map-keys");
    if (!kind.isEmpty() && !Set.of("atomic", "set", "map").contains(kind)) {
      causes.notSupported(
          path.child("x-kubernetes-list-type"), kind, List.of("atomic", "set", "map"));
    }
    if (!kind.isEmpty() && !Trees.text(schema, "type").equals("array")) {
      causes.invalid(
          path.child("type"),
          Trees.text(schema, "type"),
          "must be array if x-kubernetes-list-type is specified");
    }
    items(schema.path("items"), kind, path.child("items"));
    if (!kind.equals("map")) {
      if (!names.isEmpty()) {
        causes.forbidden(keys, "may not be set unless x-kubernetes-list-type is map");
      }
      return;
    }
    if (names.isEmpty()) {
      causes.required(keys, "must not be empty if x-kubernetes-list-type is map");
    }
    JsonNode items = schema.path("items");
    List<String> required = Trees.texts(items, "required");
    for (int i = 0; i < names.size(); i++) {
      JsonNode key = items.path("properties").path(names.get(i));
      String keyType = Trees.text(key, "type");
      if (keyType.equals("object") || keyType.equals("array")) {
        causes.invalid(
            path.child("items", "properties").key(names.get(i)).child("type"),
            keyType,
            "must be a scalar type if parent array's x-kubernetes-list-type is map");
      }
      if (key.isMissingNode()) {
        causes.invalid(keys.index(i), names.get(i), "entries must all be names of item properties");
      } else if (!required.contains(names.get(i)) && !key.has("default")) {
        causes.required(
            path.child("items", "properties").key(names.get(i)).child("default"),
            "this property is in x-kubernetes-list-map-keys, so it must have a default or be a"
                + " required property");
      }
    }
  }

  /** What a list tells apart has to stay what it is. */
  private void items(JsonNode items, String kind, FieldPath path) {
    if (!items.isObject() || !(kind.equals("set") || kind.equals("map"))) {
      return;
    }
    if (items.path("nullable").asBoolean(false)) {
      causes.forbidden(
          path.child("nullable"), "cannot be nullable when x-kubernetes-list-type is " + kind);
    }
    String type = Trees.text(items, "type");
    if (kind.equals("map")) {
      if (!type.equals("object")) {
        causes.invalid(
            path.child("type"),
            type,
            "must be object if parent array's x-kubernetes-list-type is map");
      }
      return;
    }
    String as = "must be atomic as item of a list with x-kubernetes-list-type=set";
    String list = Trees.text(items, "x-kubernetes-list-type");
    if (type.equals("array") && !list.isEmpty() && !list.equals("atomic")) {
      causes.invalid(path.child("x-kubernetes-list-type"), list, as);
    } else if (type.equals("object") && !Trees.text(items, MAP_TYPE).equals("atomic")) {
      causes.invalid(path.child(MAP_TYPE), Trees.text(items, MAP_TYPE), as);
    }
  }

  private void combinations(JsonNode schema, FieldPath path) {
    for (String field : List.of("allOf", "anyOf", "oneOf")) {
      for (int i = 0; i < schema.path(field).size(); i++) {
        boolean typesAllowed = flag(schema, "int-or-string");
        restriction(schema.path(field).get(i), schema, path.child(field).index(i), typesAllowed);
      }
    }
    if (schema.has("not")) {
      restriction(schema.get("not"), schema, path.child("not"), false);
    }
  }

  private void restriction(
      JsonNode restriction, JsonNode structure, FieldPath path, boolean typesAllowed) {
    for (String field : ONLY_STRUCTURAL) {
      if (!Trees.absent(restriction, field)) {
        causes.forbidden(path.child(field), "must be empty to be structural");
      }
    }
    if (!typesAllowed && !Trees.empty(restriction, "type")) {
      causes.forbidden(path.child("type"), "must be empty to be structural");
    }
    restriction
        .path("properties")
        .properties()
        .forEach(field -> {
          JsonNode known = structure.path("properties").path(field.getKey());
          FieldPath place = path.child("properties").key(field.getKey());
          if (known.isMissingNode()) {
            causes.required(place, "must be specified in the structural part of the schema too");
          } else {
            restriction(field.getValue(), known, place, false);
          }
        });
    if (restriction.path("items").isObject()) {
      restriction(restriction.get("items"), structure.path("items"), path.child("items"), false);
    }
    for (String field : List.of("allOf", "anyOf", "oneOf")) {
      for (int i = 0; i < restriction.path(field).size(); i++) {
        restriction(
            restriction.path(field).get(i), structure, path.child(field).index(i), typesAllowed);
      }
    }
  }

  private static void metadata(JsonNode schema, FieldPath path, Causes causes) {
    JsonNode metadata = schema.path("properties").path("metadata");
    for (Map.Entry<String, JsonNode> field : metadata.path("properties").properties()) {
      if (!IN_METADATA.contains(field.getKey())) {
        causes.forbidden(
            path.child("properties").key("metadata"),
            "must not specify anything other than name and generateName, but metadata is implicitly"
                + " specified");
      }
    }
  }

  private void defaults(CustomSchema schema, FieldPath path) {
    JsonNode value = schema.defaultValue();
    if (value != null && !(value.isNull() && schema.nullable())) {
      List<StatusCause> wrong = new ArrayList<>();
      ObjectNode holder = JsonNodeFactory.instance.objectNode();
      holder.set("default", value.deepCopy());
      CustomSchema held =
          new CustomSchema(holder.objectNode(), Map.of("default", schema), null, null);
      CustomDefaults.apply(held, holder);
      new SchemaRules(held).validate(holder, null, wrong);
      wrong.forEach(
          cause -> causes.other(cause.type(), cause.message(), path.child(cause.field())));
    }
    schema
        .properties()
        .forEach((name, child) -> defaults(child, path.child("properties").key(name)));
    if (schema.additional() != null) {
      defaults(schema.additional(), path.child("additionalProperties"));
    }
    if (schema.items() != null) {
      defaults(schema.items(), path.child("items"));
    }
  }

  private static boolean flag(JsonNode schema, String name) {
    return schema.path("x-kubernetes-" + name).asBoolean(false);
  }
}
