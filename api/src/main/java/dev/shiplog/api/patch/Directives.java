package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Directives of a strategic merge patch where there is nothing to merge with. */
final class Directives {

  private Directives() {}

  /** Names of the fields that start with the prefix, as a copy. */
  static List<String> namesWithPrefix(ObjectNode patch, String prefix) {
    List<String> names = new ArrayList<>();
    patch.fieldNames().forEachRemaining(names::add);
    names.removeIf(name -> !name.startsWith(prefix));
    return names;
  }

  /**
   * The value that a patch adds, in place: without its directives and nulls, and without the items
   * that are only there to be deleted.
   */
  static JsonNode dropped(JsonNode value) {
    switch (value) {
      case ObjectNode object -> dropFrom(object);
      case ArrayNode array -> {
        for (int i = array.size() - 1; i >= 0; i--) {
          boolean directive = array.get(i).has(StrategicMergePatch.DIRECTIVE);
          if (directive && !isMerge(array.get(i))) {
            array.remove(i);
          } else {
            dropped(array.get(i));
          }
        }
      }
      case JsonNode scalar -> {}
    }
    return value;
  }

  private static boolean isMerge(JsonNode item) {
    return item.get(StrategicMergePatch.DIRECTIVE).asText().equals("merge");
  }

  private static void dropFrom(ObjectNode object) {
    if (object.path(StrategicMergePatch.DIRECTIVE).asText().equals("delete")) {
      object.removeAll();
      return;
    }
    object.remove(namesWithPrefix(object, "$"));
    object.removeIf(JsonNode::isNull);
    object.forEach(Directives::dropped);
  }
}
