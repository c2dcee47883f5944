package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;

/**
 * Fills in the defaults a schema declares. A null where none is allowed counts as absent; a default
 * inside an object that is itself absent does not make that object.
 */
final class CustomDefaults {

  private CustomDefaults() {}

  static void apply(CustomSchema schema, JsonNode value) {
    switch (value) {
      case ObjectNode object -> object(schema, object);
      case ArrayNode items when schema.items() != null -> {
        for (int i = 0; i < items.size(); i++) {
          JsonNode byDefault = schema.items().defaultValue();
          if (items.get(i).isNull() && !schema.items().nullable() && byDefault != null) {
            items.set(i, byDefault.deepCopy());
          }
          apply(schema.items(), items.get(i));
        }
      }
      default -> {} // a plain value has nothing inside
    }
  }

  private static void object(CustomSchema schema, ObjectNode object) {
    dropNulls(schema, object);
    schema
        .properties()
        .forEach((name, property) -> {
          if (!object.has(name) && property.defaultValue() != null) {
            object.set(name, property.defaultValue().deepCopy());
          }
        });
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      CustomSchema child = schema.child(field.getKey());
      if (child != null) {
        apply(child, field.getValue());
      }
    }
  }

  private static void dropNulls(CustomSchema schema, ObjectNode object) {
    Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      CustomSchema child = schema.child(field.getKey());
      if (field.getValue().isNull() && child != null && !child.nullable()) {
        fields.remove();
      }
    }
  }
}
