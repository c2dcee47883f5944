package dev.shiplog.api.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Takes the fields of a set out of an object, with all that is below them. */
final class FieldRemoval {

  private FieldRemoval() {}

  /** Removes in place. */
  static void remove(Shape type, ObjectNode object, FieldSet fields) {
    removeEntries(type, object, fields.tree());
  }

  private static void removeEntries(Shape type, ObjectNode object, JsonNode fields) {
    for (Map.Entry<String, JsonNode> entry : fields.properties()) {
      if (!entry.getKey().startsWith(FieldSet.FIELD)) {
        continue;
      }
      String name = entry.getKey().substring(FieldSet.FIELD.length());
      JsonNode value = object.get(name);
      if (value == null) {
        continue;
      }
      if (FieldSet.isMember(entry.getValue())) {
        object.remove(name);
      } else {
        removeInside(type.entry(name), value, entry.getValue());
      }
    }
  }

  private static void removeInside(Shape type, JsonNode value, JsonNode fields) {
    if (type.isList() && value instanceof ArrayNode array) {
      removeItems(type, array, fields);
    } else if (value instanceof ObjectNode object) {
      removeEntries(type, object, fields);
    }
  }

  private static void removeItems(Shape type, ArrayNode list, JsonNode fields) {
    for (int i = list.size() - 1; i >= 0; i--) {
      JsonNode below = fields.get(Items.identity(type, list.get(i)));
      if (FieldSet.isMember(below)) {
        list.remove(i);
      } else if (below != null) {
        removeInside(type.items(), list.get(i), below);
      }
    }
  }
}
