package dev.shiplog.api.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The items of lists by what tells them apart. */
final class Items {

  private Items() {}

  /** The items of a list in their order; of repeated ones the first. */
  static Map<String, JsonNode> byIdentity(Shape type, JsonNode list) {
    Map<String, JsonNode> result = LinkedHashMap.newLinkedHashMap(list.size());
    for (JsonNode item : list) {
      result.putIfAbsent(identity(type, item), item);
    }
    return result;
  }

  /** What tells an item apart, as FieldsV1 writes it. */
  static String identity(Shape type, JsonNode item) {
    return type.keys().isEmpty() || !item.isObject() ? "v:" + item : keys(type, item);
  }

  private static String keys(Shape type, JsonNode item) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    for (String key : type.keys()) {
      JsonNode value = item.has(key) ? item.get(key) : type.keyDefault(key);
      if (value != null) {
        sorted.put(key, value);
      }
    }
    StringBuilder text = new StringBuilder("k:{");
    sorted.forEach((key, value) ->
        text.append(text.length() > 3 ? ",\"" : "\"").append(key).append("\":").append(value));
    return text.append('}').toString();
  }

  static boolean isUnset(JsonNode value) {
    return value == null || value.isNull();
  }

  static boolean isEmptyObject(JsonNode value) {
    return value instanceof ObjectNode object && object.isEmpty();
  }
}
