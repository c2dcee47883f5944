package dev.shiplog.api.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.custom.CustomSchema;
import dev.shiplog.api.schema.types.ValueType;
import java.util.List;

/** How ownership sees a value: which of it is one piece, and what tells a list's items apart. */
public sealed interface Shape permits TypedShape, CustomShape {

  /** The shape of a built-in type. */
  static Shape of(ValueType type) {
    return new TypedShape(type);
  }

  /** The shape of a custom resource's objects. */
  static Shape of(CustomSchema schema) {
    return new CustomShape(schema, true);
  }

  /** Whether a value is owned as one piece. */
  boolean isWhole(JsonNode value);

  /** Whether an entry of an object is a field that the type names, and none of a map. */
  boolean names(String field);

  /** The shape of an entry of an object. */
  Shape entry(String name);

  boolean isList();

  /** The shape of a list's items. */
  Shape items();

  /** The fields that tell a list's items apart; empty if they do so by themselves. */
  List<String> keys();

  /** What stands for a key that an item does not say; null for nothing. */
  JsonNode keyDefault(String key);

  /** An object in which nothing is set. */
  ObjectNode nothing();
}
