package dev.shiplog.api.schema.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/** What a field number of a message stands for. */
sealed interface Slot {

  /**
   * A field of the JSON object.
   *
   * @param name its JSON name
   * @param facts its type, as the data has it
   */
  record Value(String name, JsonNode facts) implements Slot {}

  /** A message whose fields JSON has in the object around it. */
  record Inlined(Map<Integer, Slot> slots) implements Slot {}

  /** The slots of a definition with fields. */
  static Map<Integer, Slot> of(JsonNode definition) {
    Map<Integer, Slot> slots = new HashMap<>();
    definition
        .path("fields")
        .properties()
        .forEach(field -> {
          JsonNode place = field.getValue().path("pb");
          Value value = new Value(field.getKey(), field.getValue());
          if (place.isInt()) {
            slots.put(place.intValue(), value);
          } else if (place.isArray()) {
            put(slots, place, 0, value);
          }
        });
    return slots;
  }

  private static void put(Map<Integer, Slot> slots, JsonNode path, int depth, Value value) {
    int number = path.get(depth).intValue();
    if (depth == path.size() - 1) {
      slots.put(number, value);
    } else if (slots.computeIfAbsent(number, _ -> new Inlined(new HashMap<>()))
        instanceof Inlined inlined) {
      put(inlined.slots(), path, depth + 1, value);
    }
  }
}
