package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.types.TypeDefinition;
import java.util.Map;

/** RFC 7386: objects are merged, null removes, everything else replaces. */
record MergePatch(ObjectNode patch) implements Patch {

  @Override
  public ObjectNode applyTo(ObjectNode object, TypeDefinition type) {
    ObjectNode result = object.deepCopy();
    merge(result, patch);
    return result;
  }

  private static void merge(ObjectNode target, ObjectNode patch) {
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      String name = entry.getKey();
      switch (entry.getValue()) {
        case JsonNode value when value.isNull() -> target.remove(name);
        case ObjectNode value -> {
          // Even where it replaces, a merged-in object loses its nulls.
          ObjectNode child =
              target.get(name) instanceof ObjectNode known ? known : target.putObject(name);
          merge(child, value);
        }
        case JsonNode value -> target.set(name, value.deepCopy());
      }
    }
  }
}
