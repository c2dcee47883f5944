package dev.shiplog.api.schema.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.types.Field;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.schema.types.ValueType;
import dev.shiplog.api.schema.types.ValueType.Any;
import dev.shiplog.api.schema.types.ValueType.ListOf;
import dev.shiplog.api.schema.types.ValueType.MapOf;
import dev.shiplog.api.schema.types.ValueType.Scalar;
import dev.shiplog.api.schema.types.ValueType.Special;
import dev.shiplog.api.schema.types.ValueType.Struct;
import java.util.Map;
import java.util.Set;

/**
 * What the types' data says of every kind: required fields, allowed values, limits, fields that
 * never change. Metadata has rules of its own, and status is written by the system.
 */
final class StructuralRules {

  private static final Set<String> NOT_WALKED = Set.of("metadata", "status");

  /** Required in the schema, where that only means: always written. An empty one is valid. */
  private static final Map<String, Set<String>> MAY_BE_EMPTY =
      Map.of(
          "io.k8s.api.core.v1.HTTPHeader", Set.of("value"),
          "io.k8s.api.core.v1.Sysctl", Set.of("value"),
          "io.k8s.api.core.v1.LimitRangeSpec", Set.of("limits"),
          "io.k8s.api.authentication.v1.TokenReviewSpec", Set.of("token"),
          "io.k8s.api.batch.v1.PodFailurePolicy", Set.of("rules"),
          "io.k8s.api.storage.v1.CSINodeSpec", Set.of("drivers"),
          "io.k8s.api.storage.v1.TokenRequest", Set.of("audience"),
          "io.k8s.api.certificates.v1.CertificateSigningRequestSpec", Set.of("request"));

  private StructuralRules() {}

  static void validate(TypeDefinition type, ObjectNode object, Causes causes) {
    fields(type, object, FieldPath.ROOT, causes);
  }

  static void validateUpdate(
      TypeDefinition type, ObjectNode object, ObjectNode old, Causes causes) {
    immutables(type, object, old, FieldPath.ROOT, causes);
  }

  private static void fields(
      TypeDefinition type, ObjectNode object, FieldPath path, Causes causes) {
    for (Field field : type.fields()) {
      if (path == FieldPath.ROOT && NOT_WALKED.contains(field.name())) {
        continue;
      }
      JsonNode value = object.path(field.name());
      if (isUnset(value)) {
        if (field.required() && mustBeSet(type, field)) {
          causes.required(path.child(field.name()));
        }
      } else {
        FieldPath child = path.child(field.name());
        limits(field, value, child, causes);
        value(field.type(), value, child, causes);
      }
    }
  }

  private static boolean isUnset(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.textValue().isEmpty())
        || (value.isArray() && value.isEmpty());
  }

  /** Only of texts and lists can be told that they were left out. */
  private static boolean mustBeSet(TypeDefinition type, Field field) {
    boolean telling =
        switch (field.type()) {
          case Scalar scalar -> scalar.form() == ValueType.Form.STRING;
          case ListOf list -> true;
          case Struct struct -> false;
          case MapOf map -> false;
          case Special special -> false;
          case Any any -> false;
        };
    return telling && !MAY_BE_EMPTY.getOrDefault(type.name(), Set.of()).contains(field.name());
  }

  private static void value(ValueType type, JsonNode value, FieldPath path, Causes causes) {
    switch (type) {
      case Scalar scalar when !scalar.allowed().isEmpty() -> {
        if (!scalar.allowed().contains(value.asText())) {
          causes.notSupported(path, value.asText(), scalar.allowed());
        }
      }
      case Struct struct when value instanceof ObjectNode object ->
          fields(struct.definition(), object, path, causes);
      case ListOf list when value instanceof ArrayNode items -> {
        for (int i = 0; i < items.size(); i++) {
          value(list.items(), items.get(i), path.index(i), causes);
        }
      }
      case MapOf map ->
          value.properties().forEach(e -> value(map.values(), e.getValue(), path, causes));
      case ValueType other -> {}
    }
  }

  private static void limits(Field field, JsonNode value, FieldPath path, Causes causes) {
    for (String rule : field.rules()) {
      int equals = rule.indexOf('=');
      if (equals < 0 || !rule.substring(equals + 1).matches("[0-9]{1,9}")) {
        continue;
      }
      int limit = Integer.parseInt(rule.substring(equals + 1));
      switch (rule.substring(0, equals)) {
        case "maxItems" -> {
          if (value.size() > limit) {
            causes.tooMany(path, value.size(), limit);
          }
        }
        case "maxLength", "maxBytes" -> {
          if (value.asText().length() > limit) {
            causes.tooLong(path, limit);
          }
        }
        case "minimum" -> {
          if (value.isNumber() && value.longValue() < limit) {
            causes.invalid(path, value, "must be greater than or equal to " + limit);
          }
        }
        default -> {} // a rule that needs more than a number
      }
    }
  }

  /** Follows single objects only: items of lists have no fixed counterpart. */
  private static void immutables(
      TypeDefinition type, ObjectNode object, JsonNode old, FieldPath path, Causes causes) {
    for (Field field : type.fields()) {
      if (path == FieldPath.ROOT && NOT_WALKED.contains(field.name())) {
        continue;
      }
      JsonNode value = present(object, field.name());
      JsonNode before = present(old, field.name());
      FieldPath child = path.child(field.name());
      if (field.rules().contains("immutable")) {
        if (!value.equals(before)) {
          causes.invalid(child, value, Checks.IMMUTABLE);
        }
      } else if (field.type() instanceof Struct struct && value instanceof ObjectNode part) {
        immutables(struct.definition(), part, before, child, causes);
      }
    }
  }

  private static JsonNode present(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isNull() ? MissingNode.getInstance() : value;
  }
}
