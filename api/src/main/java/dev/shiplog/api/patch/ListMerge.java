package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.types.TypeDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Merges a list with the list of a strategic merge patch. Items that are objects are told apart by
 * the merge key, plain ones by themselves. A live list may hold several items with the same key
 * (one port number under two protocols); a patch then changes the first of them and loses none.
 *
 * <p>The order that results: items of the patch as the patch has them, the others where the live
 * list has them among those.
 *
 * @param key merge key; empty for a list of plain values
 * @param itemType type of the items, or null
 */
record ListMerge(String key, TypeDefinition itemType) {

  /** Merges the patch into a live list; both are used up. */
  ArrayNode merge(ArrayNode live, ArrayNode patch) {
    ArrayNode changes = patch.arrayNode();
    List<JsonNode> items = new ArrayList<>();
    live.forEach(items::add);
    Set<JsonNode> deleted = new HashSet<>();
    boolean replace = false;
    for (JsonNode item : patch) {
      switch (item.path(StrategicMergePatch.DIRECTIVE).asText("")) {
        case "" -> changes.add(item);
        case "delete" -> deleted.add(requireIdentity(item));
        case "replace" -> replace = true;
        case String other ->
            throw StrategicMergePatch.malformed("a list's item cannot have $patch: " + other);
      }
    }
    items.removeIf(item -> deleted.contains(identity(item)));
    ArrayNode before = live.arrayNode().addAll(items).deepCopy();
    return replace
        ? (ArrayNode) Directives.dropped(changes)
        : inOrder(merged(items, changes), changes, before);
  }

  /** The items in the given order; those it does not name keep their places among them. */
  ArrayNode inOrder(ArrayNode items, ArrayNode order, ArrayNode before) {
    Map<JsonNode, Integer> wanted = places(order);
    List<JsonNode> named = new ArrayList<>();
    List<JsonNode> others = new ArrayList<>();
    items.forEach(i -> (wanted.containsKey(identity(i)) ? named : others).add(i));
    named.sort(Comparator.comparing(i -> wanted.get(identity(i))));
    return interleaved(others, named, places(before), items.arrayNode());
  }

  /** Every item that a patch sets must have its place in the order the patch asks for. */
  void requireInOrder(ArrayNode patch, ArrayNode order) {
    Map<JsonNode, Integer> places = places(order);
    int last = 0;
    for (JsonNode item : patch) {
      if (item.has(StrategicMergePatch.DIRECTIVE)) {
        continue;
      }
      int place = places.getOrDefault(requireIdentity(item), -1);
      if (place < last) {
        throw StrategicMergePatch.malformed(
            "the list's items do not follow its $setElementOrder: " + identity(item));
      }
      last = place;
    }
  }

  private ArrayNode merged(List<JsonNode> items, ArrayNode changes) {
    ArrayNode merged = changes.arrayNode().addAll(items);
    Map<JsonNode, Integer> places = places(merged);
    for (JsonNode change : changes) {
      Integer place = places.get(requireIdentity(change));
      if (place == null) {
        places.put(identity(change), merged.size());
        merged.add(Directives.dropped(change.deepCopy()));
      } else if (change instanceof ObjectNode patch
          && merged.get(place) instanceof ObjectNode known) {
        merged.set(place, StrategicMergePatch.merge(known, patch.deepCopy(), itemType));
      }
    }
    return merged;
  }

  /** Puts the others before the first named item that the live list has after them. */
  private ArrayNode interleaved(
      List<JsonNode> others, List<JsonNode> named, Map<JsonNode, Integer> live, ArrayNode into) {
    int next = 0;
    for (JsonNode item : named) {
      Integer place = live.get(identity(item));
      while (place != null && next < others.size() && isBefore(others.get(next), place, live)) {
        into.add(others.get(next++));
      }
      into.add(item);
    }
    return into.addAll(others.subList(next, others.size()));
  }

  private boolean isBefore(JsonNode item, int place, Map<JsonNode, Integer> live) {
    Integer own = live.get(identity(item));
    return own != null && own < place;
  }

  private JsonNode requireIdentity(JsonNode item) {
    JsonNode identity = identity(item);
    if (identity.isMissingNode()) {
      throw StrategicMergePatch.malformed(
          "map: %s does not contain declared merge key: %s".formatted(item, key));
    }
    return identity;
  }

  private JsonNode identity(JsonNode item) {
    return key.isEmpty() || !item.isObject()
        ? item
        : item.has(key) ? item.get(key) : MissingNode.getInstance();
  }

  private Map<JsonNode, Integer> places(ArrayNode items) {
    Map<JsonNode, Integer> places = new HashMap<>();
    for (int i = 0; i < items.size(); i++) {
      places.putIfAbsent(identity(items.get(i)), i);
    }
    return places;
  }
}
