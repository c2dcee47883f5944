package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** Gives objects without declared fields one form: fields in the order of their names. */
final class CanonicalTrees {

  private CanonicalTrees() {}

  static void sort(JsonNode value) {
    switch (value) {
      case ObjectNode object -> {
        Map<String, JsonNode> sorted = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
          sort(field.getValue());
          sorted.put(field.getKey(), field.getValue());
        }
        object.removeAll();
        object.setAll(sorted);
      }
      case ArrayNode items -> items.forEach(CanonicalTrees::sort);
      default -> {} // a plain value has one form
    }
  }
}
