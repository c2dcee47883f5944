package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.types.Field;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.schema.types.ValueType;
import dev.shiplog.api.schema.types.ValueType.ListOf;
import dev.shiplog.api.schema.types.ValueType.Struct;
import java.util.LinkedHashMap;
import java.util.Map;

/** The strategic merge patch from one object to another, as clients such as kubectl make it. */
final class StrategicDifference {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private StrategicDifference() {}

  static ObjectNode of(ObjectNode from, ObjectNode to, TypeDefinition type) {
    ObjectNode patch = NODES.objectNode();
    from.fieldNames()
        .forEachRemaining(name -> {
          if (!to.has(name)) {
            patch.putNull(name);
          }
        });
    to.properties()
        .forEach(e -> {
          if (!e.getValue().equals(from.get(e.getKey()))) {
            Field field = type == null ? null : type.field(e.getKey());
            change(patch, e.getKey(), from.get(e.getKey()), e.getValue(), field);
          }
        });
    return patch;
  }

  private static void change(
      ObjectNode patch, String name, JsonNode from, JsonNode to, Field field) {
    boolean merges = field != null && field.patchStrategies().contains("merge");
    boolean replaces = field != null && field.patchStrategies().contains("replace");
    if (from instanceof ObjectNode before && to instanceof ObjectNode after) {
      patch.set(
          name,
          replaces
              ? after.deepCopy()
              : of(before, after, struct(field == null ? null : field.type())));
    } else if (from instanceof ArrayNode before && to instanceof ArrayNode after && merges) {
      list(patch, name, before, after, field);
    } else {
      patch.set(name, to.deepCopy());
    }
  }

  private static void list(
      ObjectNode patch, String name, ArrayNode from, ArrayNode to, Field field) {
    String key = field.patchMergeKey();
    ArrayNode order = patch.putArray("$setElementOrder/" + name);
    if (key.isEmpty()) {
      to.forEach(order::add);
      ArrayNode gone = NODES.arrayNode();
      from.forEach(item -> addUnless(contains(to, item), gone, item));
      ArrayNode added = NODES.arrayNode();
      to.forEach(item -> addUnless(contains(from, item), added, item));
      patch.set("$deleteFromPrimitiveList/" + name, gone);
      patch.set(name, added);
      return;
    }
    Map<JsonNode, JsonNode> before = byKey(from, key);
    Map<JsonNode, JsonNode> after = byKey(to, key);
    ArrayNode changes = patch.putArray(name);
    after.forEach((id, item) -> {
      order.addObject().set(key, id);
      JsonNode known = before.get(id);
      if (known == null) {
        changes.add(item.deepCopy());
      } else if (!known.equals(item)) {
        TypeDefinition type = field.type() instanceof ListOf l ? struct(l.items()) : null;
        ObjectNode change = of((ObjectNode) known, (ObjectNode) item, type);
        change.set(key, id);
        changes.add(change);
      }
    });
    before.keySet().stream()
        .filter(id -> !after.containsKey(id))
        .forEach(id -> changes.addObject().put("$patch", "delete").set(key, id));
  }

  private static void addUnless(boolean present, ArrayNode list, JsonNode item) {
    if (!present) {
      list.add(item);
    }
  }

  private static boolean contains(ArrayNode list, JsonNode item) {
    for (JsonNode one : list) {
      if (one.equals(item)) {
        return true;
      }
    }
    return false;
  }

  private static Map<JsonNode, JsonNode> byKey(ArrayNode list, String key) {
    Map<JsonNode, JsonNode> items = new LinkedHashMap<>();
    list.forEach(item -> items.put(item.get(key), item));
    return items;
  }

  private static TypeDefinition struct(ValueType type) {
    return type instanceof Struct struct ? struct.definition() : null;
  }
}
