package dev.shiplog.api.schema.decoding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
import java.util.TreeMap;

/**
 * The one form in which an object is written: fields in the order of their declaration, maps by
 * key, what is unset left out, except for the fields that are always written. Two objects that mean
 * the same have the same bytes, which is what makes an update without a change visible as one.
 */
public final class CanonicalForm {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private CanonicalForm() {}

  /**
   * Brings an object into canonical form, in place. Values must already have their types; fields
   * the type does not know are dropped.
   */
  public static void apply(TypeDefinition type, ObjectNode object) {
    JsonNode[] values = new JsonNode[type.fields().size()];
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      Field field = type.field(entry.getKey());
      if (field != null) {
        values[field.index()] = canonical(field.type(), entry.getValue());
      }
    }
    object.removeAll();
    fill(type, values, object);
  }

  /** An object of the type in which nothing is set. */
  public static ObjectNode empty(TypeDefinition type) {
    return assemble(type, new JsonNode[type.fields().size()]);
  }

  static ObjectNode assemble(TypeDefinition type, JsonNode[] values) {
    ObjectNode object = NODES.objectNode();
    fill(type, values, object);
    return object;
  }

  /** What stands for a value that is not set. */
  static JsonNode zero(ValueType type, boolean pointer) {
    return switch (type) {
      case Struct struct -> {
        TypeDefinition definition = struct.definition();
        yield assemble(definition, new JsonNode[definition.fields().size()]);
      }
      case Scalar scalar -> pointer ? NODES.nullNode() : zero(scalar);
      case Special special ->
          switch (special.leaf()) {
            case TIME, MICRO_TIME -> NODES.nullNode();
            case QUANTITY -> TextNode.valueOf("0");
            case INT_OR_STRING -> NODES.numberNode(0);
          };
      case ListOf list -> NODES.nullNode();
      case MapOf map -> NODES.nullNode();
      case Any any -> NODES.nullNode();
    };
  }

  private static JsonNode zero(Scalar scalar) {
    return switch (scalar.form()) {
      case STRING -> scalar.format().equals("byte") ? NODES.nullNode() : TextNode.valueOf("");
      case INTEGER, NUMBER -> NODES.numberNode(0);
      case BOOLEAN -> NODES.booleanNode(false);
    };
  }

  private static void fill(TypeDefinition type, JsonNode[] values, ObjectNode into) {
    for (Field field : type.fields()) {
      JsonNode value = values[field.index()];
      if (value == null || (value.isNull() && !(field.type() instanceof Any))) {
        if (field.emitAlways()) {
          into.set(field.name(), zero(field.type(), field.pointer()));
        }
      } else if (field.emitAlways() || field.pointer() || !isUnset(field.type(), value)) {
        into.set(field.name(), value);
      }
    }
  }

  /** Whether a value is one that an optional field without a pointer cannot hold. */
  private static boolean isUnset(ValueType type, JsonNode value) {
    return switch (type) {
      case Scalar scalar ->
          switch (scalar.form()) {
            case STRING -> value.textValue().isEmpty();
            case INTEGER, NUMBER -> value.doubleValue() == 0;
            case BOOLEAN -> !value.booleanValue();
          };
      case ListOf list -> value.isEmpty();
      case MapOf map -> value.isEmpty();
      case Struct struct -> false;
      case Special special -> false;
      case Any any -> value.isNull() && any.objectOnly();
    };
  }

  private static JsonNode canonical(ValueType type, JsonNode value) {
    switch (type) {
      case Struct struct when value instanceof ObjectNode object ->
          apply(struct.definition(), object);
      case ListOf list when value instanceof ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, canonical(list.items(), array.get(i)));
        }
      }
      case MapOf map when value instanceof ObjectNode object -> sort(map, object);
      case Struct struct -> {}
      case ListOf list -> {}
      case MapOf map -> {}
      case Scalar scalar -> {}
      case Special special -> {}
      case Any any -> {}
    }
    return value;
  }

  private static void sort(MapOf type, ObjectNode map) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    map.properties().forEach(e -> sorted.put(e.getKey(), canonical(type.values(), e.getValue())));
    map.removeAll();
    map.setAll(sorted);
  }
}
