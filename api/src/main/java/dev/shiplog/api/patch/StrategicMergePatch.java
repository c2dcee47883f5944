package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Kubernetes' own patch: like a merge patch, but lists that have a merge key are merged item by
 * item. Directives in the patch say more:
 *
 * <ul>
 *   <li>{@code $patch: replace | delete | merge} what happens to the object it stands in
 *   <li>{@code $retainKeys: [a, b]} every other field of the object goes
 *   <li>{@code $setElementOrder/list: [...]} the order of the list's items
 *   <li>{@code $deleteFromPrimitiveList/list: [...]} values that go from the list
 * </ul>
 */
record StrategicMergePatch(ObjectNode patch) implements Patch {

  static final String DIRECTIVE = "$patch";
  private static final String RETAIN_KEYS = "$retainKeys";
  private static final String SET_ORDER = "$setElementOrder/";
  private static final String DELETE_VALUES = "$deleteFromPrimitiveList/";

  /** What a field says about merging. A field that the type does not know says nothing. */
  private record Rule(ValueType type, boolean mergeLists, boolean replace, String key) {

    static final Rule NONE = new Rule(new Any("", false), false, false, "");

    static Rule of(TypeDefinition owner, String name) {
      Field field = owner == null ? null : owner.field(name);
      return field == null
          ? NONE
          : new Rule(
              field.type(),
              field.patchStrategies().contains("merge"),
              field.patchStrategies().contains("replace"),
              field.patchMergeKey());
    }

    /** The definition of the object in the field, or null. */
    TypeDefinition struct() {
      return struct(type);
    }

    TypeDefinition itemStruct() {
      return type instanceof ListOf list ? struct(list.items()) : null;
    }

    private static TypeDefinition struct(ValueType type) {
      return switch (type) {
        case Struct struct -> struct.definition();
        case ListOf list -> null;
        case MapOf map -> null;
        case Scalar scalar -> null;
        case Special special -> null;
        case Any any -> null;
      };
    }
  }

  @Override
  public ObjectNode applyTo(ObjectNode object, TypeDefinition type) {
    return merge(object.deepCopy(), patch.deepCopy(), type);
  }

  static ApiFailure malformed(String why) {
    return Failures.badRequest("strategic merge patch: " + why);
  }

  /** Merges a patch into an object; both are used up. */
  static ObjectNode merge(ObjectNode object, ObjectNode patch, TypeDefinition type) {
    JsonNode directive = patch.remove(DIRECTIVE);
    if (directive != null) {
      switch (directive.asText()) {
        case "replace" -> {
          return (ObjectNode) Directives.dropped(patch);
        }
        case "delete" -> {
          return patch.objectNode();
        }
        case "merge" -> {}
        default -> throw malformed("unknown patch type \"" + directive.asText() + "\"");
      }
    }
    retainKeys(object, patch);
    setOrders(object, patch, type);
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      mergeField(object, entry.getKey(), entry.getValue(), type);
    }
    return object;
  }

  private static void mergeField(
      ObjectNode object, String key, JsonNode value, TypeDefinition type) {
    if (key.startsWith(DELETE_VALUES)) {
      deleteValues(object, key.substring(DELETE_VALUES.length()), list(key, value));
      return;
    }
    JsonNode present = object.get(key);
    if (value.isNull()) {
      object.remove(key);
    } else if (present instanceof ObjectNode known && value instanceof ObjectNode change) {
      Rule rule = Rule.of(type, key);
      object.set(
          key, rule.replace() ? Directives.dropped(change) : merge(known, change, rule.struct()));
    } else if (present instanceof ArrayNode known && value instanceof ArrayNode change) {
      object.set(key, mergeList(known, change, Rule.of(type, key)));
    } else {
      object.set(key, Directives.dropped(value));
    }
  }

  private static ArrayNode mergeList(ArrayNode list, ArrayNode patch, Rule rule) {
    if (!rule.mergeLists()) {
      return (ArrayNode) Directives.dropped(patch);
    }
    return new ListMerge(rule.key(), rule.itemStruct()).merge(list, patch);
  }

  private static void retainKeys(ObjectNode object, ObjectNode patch) {
    JsonNode directive = patch.remove(RETAIN_KEYS);
    if (directive == null) {
      return;
    }
    Set<String> retained = new HashSet<>();
    list(RETAIN_KEYS, directive).forEach(key -> retained.add(key.asText()));
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      boolean ofList =
          entry.getKey().startsWith(SET_ORDER) || entry.getKey().startsWith(DELETE_VALUES);
      if (!ofList && !entry.getValue().isNull() && !retained.contains(entry.getKey())) {
        throw malformed(
            "field \"%s\" is set but not among the $retainKeys".formatted(entry.getKey()));
      }
    }
    object.retain(retained);
  }

  /** Takes the lists that have an order out of the patch and merges them first. */
  private static void setOrders(ObjectNode object, ObjectNode patch, TypeDefinition type) {
    for (String directive : Directives.namesWithPrefix(patch, SET_ORDER)) {
      ArrayNode order = list(directive, patch.remove(directive));
      String name = directive.substring(SET_ORDER.length());
      Rule rule = Rule.of(type, name);
      JsonNode change = patch.remove(name);
      if (change != null && !(change instanceof ArrayNode)) {
        patch.set(name, change);
        continue;
      }
      ListMerge merge = new ListMerge(rule.key(), rule.itemStruct());
      JsonNode known = object.get(name);
      ArrayNode before = known instanceof ArrayNode array ? array : patch.arrayNode();
      ArrayNode merged = before.deepCopy();
      if (change instanceof ArrayNode items) {
        merge.requireInOrder(items, order);
        merged = known instanceof ArrayNode ? mergeList(merged, items, rule) : added(items);
      }
      if (known instanceof ArrayNode || change != null) {
        object.set(name, merge.inOrder(merged, order, before));
      }
    }
  }

  private static ArrayNode added(ArrayNode items) {
    return (ArrayNode) Directives.dropped(items);
  }

  private static void deleteValues(ObjectNode object, String name, ArrayNode values) {
    if (object.get(name) instanceof ArrayNode known) {
      Set<JsonNode> deleted = new HashSet<>();
      values.forEach(deleted::add);
      ArrayNode kept = known.arrayNode();
      known.forEach(item -> {
        if (!deleted.contains(item)) {
          kept.add(item);
        }
      });
      object.set(name, kept);
    }
  }

  private static ArrayNode list(String directive, JsonNode value) {
    if (value instanceof ArrayNode list) {
      return list;
    }
    throw malformed(directive + " must be a list, not " + TextNode.valueOf(value.toString()));
  }
}
