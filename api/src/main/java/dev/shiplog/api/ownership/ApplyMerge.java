package dev.shiplog.api.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Lays an applied configuration over an object: where both say something, the configuration's. */
final class ApplyMerge {

  private ApplyMerge() {}

  /** The merged object; neither argument is changed, and nothing of them is shared. */
  static ObjectNode merge(Shape type, ObjectNode live, ObjectNode config) {
    ObjectNode result = live.deepCopy();
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      String name = entry.getKey();
      result.set(name, value(type.entry(name), live.get(name), entry.getValue()));
    }
    return result;
  }

  private static JsonNode value(Shape type, JsonNode live, JsonNode config) {
    if (Items.isUnset(live) || type.isWhole(config) || type.isWhole(live)) {
      return config.deepCopy();
    }
    return type.isList()
        ? new Lists(type, (ArrayNode) live, (ArrayNode) config).merged()
        : merge(type, (ObjectNode) live, (ObjectNode) config);
  }

  /**
   * Two lists whose items are told apart. Items of the configuration come in its order; those that
   * only the live list has keep their places among the shared ones, and stand before what is new.
   */
  private static final class Lists {

    private final Shape type;
    private final ArrayNode live;
    private final Map<String, JsonNode> wanted;
    private final List<String> identities = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final ArrayNode result;
    private int next;

    Lists(Shape type, ArrayNode live, ArrayNode config) {
      this.type = type;
      this.live = live;
      this.wanted = Items.byIdentity(type, config);
      this.result = live.arrayNode();
      for (JsonNode item : live) {
        String identity = Items.identity(type, item);
        places.putIfAbsent(identity, identities.size());
        identities.add(identity);
      }
    }

    ArrayNode merged() {
      Iterator<String> shared = wanted.keySet().stream().filter(places::containsKey).iterator();
      String awaited = shared.hasNext() ? shared.next() : "";
      for (Map.Entry<String, JsonNode> entry : wanted.entrySet()) {
        placeOthersBefore(awaited);
        Integer place = places.get(entry.getKey());
        JsonNode known = place == null ? null : live.get(place);
        result.add(value(type.items(), known, entry.getValue()));
        if (known != null) {
          awaited = shared.hasNext() ? shared.next() : "";
        }
      }
      placeOthersBefore("");
      return result;
    }

    /** Goes on in the live list up to a shared item, or to the end. */
    private void placeOthersBefore(String awaited) {
      while (next < live.size() && !identities.get(next).equals(awaited)) {
        if (!wanted.containsKey(identities.get(next))) {
          result.add(live.get(next).deepCopy());
        }
        next++;
      }
    }
  }
}
