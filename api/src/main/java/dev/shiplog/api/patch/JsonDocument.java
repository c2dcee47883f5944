package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A tree under a JSON patch. Every refusal names the path it is about. One thread. */
final class JsonDocument {

  private static final String END = "-";

  /** What all copies of a patch may add, in characters: few operations could fill the memory. */
  private static final int MOST_COPIED = 3 * 1024 * 1024;

  private JsonNode root;
  private int copied;

  JsonDocument(JsonNode root) {
    this.root = root;
  }

  JsonNode root() {
    return root;
  }

  void add(JsonPath path, JsonNode value) {
    put(path, value.deepCopy(), true);
  }

  void replace(JsonPath path, JsonNode value) {
    if (!path.isRoot()) {
      existing(path);
    }
    put(path, value.deepCopy(), false);
  }

  JsonNode remove(JsonPath path) {
    JsonNode removed = existing(path);
    switch (parent(path)) {
      case ObjectNode object -> object.remove(path.last());
      case ArrayNode array -> array.remove(index(path, array.size()));
      default -> throw missing(path);
    }
    return removed;
  }

  void move(JsonPath from, JsonPath path) {
    if (from.isPrefixOf(path)) {
      throw JsonPatch.doesNotFit("cannot move \"" + from + "\" into itself, to \"" + path + "\"");
    }
    put(path, remove(from), true);
  }

  void copy(JsonPath from, JsonPath path) {
    JsonNode value = existing(from);
    copied += value.toString().length();
    if (copied > MOST_COPIED) {
      throw JsonPatch.doesNotFit("its copies are larger than %d bytes".formatted(MOST_COPIED));
    }
    put(path, value.deepCopy(), true);
  }

  void test(JsonPath path, JsonNode expected) {
    JsonNode found = find(path);
    boolean same = found == null ? expected.isNull() : sameValue(found, expected);
    if (!same) {
      throw JsonPatch.doesNotFit("testing path " + path + " failed");
    }
  }

  /** Numbers are the same by value, however they are written. */
  private static boolean sameValue(JsonNode found, JsonNode expected) {
    return found.equals(
        (a, b) ->
            a.isNumber() && b.isNumber() && a.decimalValue().compareTo(b.decimalValue()) == 0
                ? 0
                : a.equals(b) ? 0 : 1,
        expected);
  }

  private void put(JsonPath path, JsonNode value, boolean insert) {
    if (path.isRoot()) {
      root = value;
      return;
    }
    switch (parent(path)) {
      case ObjectNode object -> object.set(path.last(), value);
      case ArrayNode array when insert && path.last().equals(END) -> array.add(value);
      case ArrayNode array when insert -> array.insert(index(path, array.size() + 1), value);
      case ArrayNode array -> array.set(index(path, array.size()), value);
      default -> throw missing(path);
    }
  }

  private JsonNode parent(JsonPath path) {
    JsonNode node = root;
    for (String step : path.steps().subList(0, path.steps().size() - 1)) {
      node = child(node, step);
      if (node == null) {
        throw missing(path);
      }
    }
    return node;
  }

  private JsonNode existing(JsonPath path) {
    JsonNode node = find(path);
    if (node == null || path.isRoot()) {
      throw missing(path);
    }
    return node;
  }

  private JsonNode find(JsonPath path) {
    JsonNode node = root;
    for (String step : path.steps()) {
      node = node == null ? null : child(node, step);
    }
    return node;
  }

  private static JsonNode child(JsonNode node, String step) {
    if (!(node instanceof ArrayNode array)) {
      return node.get(step);
    }
    int index = number(step);
    int place = index < 0 ? array.size() + index : index;
    return place < 0 ? null : array.get(place);
  }

  /** The place a path's last step names in a list of that many places; -1 is the last. */
  private static int index(JsonPath path, int places) {
    int index = number(path.last());
    int place = index < 0 ? places + index : index;
    if (index == Integer.MIN_VALUE || place < 0 || place >= places) {
      throw JsonPatch.doesNotFit(
          "\"%s\": invalid index, the list has %d items".formatted(path, places));
    }
    return place;
  }

  private static int number(String step) {
    try {
      return Integer.parseInt(step);
    } catch (NumberFormatException e) {
      return Integer.MIN_VALUE;
    }
  }

  private static RuntimeException missing(JsonPath path) {
    return JsonPatch.doesNotFit("doc is missing path: " + path);
  }
}
