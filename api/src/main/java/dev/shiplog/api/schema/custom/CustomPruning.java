package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;

/** Drops what a schema does not know from objects that no client sent. */
final class CustomPruning {

  private CustomPruning() {}

  /** Prunes a whole object, in place. */
  static void apply(CustomSchema schema, ObjectNode object) {
    fields(schema, object, true);
  }

  private static void value(CustomSchema schema, JsonNode value) {
    if (value instanceof ObjectNode object) {
      fields(schema, object, schema.embedded());
    } else if (value instanceof ArrayNode items && schema.items() != null) {
      items.forEach(item -> value(schema.items(), item));
    }
  }

  private static void fields(CustomSchema schema, ObjectNode object, boolean whole) {
    Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      String name = field.getKey();
      boolean meta = whole && (name.equals("metadata") || CustomSchema.isTypeMeta(name));
      CustomSchema child = schema.child(name);
      if (meta) {
        continue;
      }
      if (!schema.knows(name) && !schema.preservesUnknownFields()) {
        fields.remove();
      } else if (child != null) {
        value(child, field.getValue());
      }
    }
  }
}
