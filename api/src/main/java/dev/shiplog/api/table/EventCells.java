package dev.shiplog.api.table;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Events, under both names their fields have. */
final class EventCells {

  private EventCells() {}

  static void register(RowTable rows) {
    rows.core("events", cells());
    rows.of("events", "events.k8s.io", cells());
  }

  private static List<Cell> cells() {
    return List.of(
        EventCells::lastSeen,
        Cells.field("type"),
        Cells.field("reason"),
        Cells.computed(e -> about(either(e, "involvedObject", "regarding"))),
        Cells.computed(e -> text(either(e, "involvedObject", "regarding"), "fieldPath")),
        Cells.computed(EventCells::source),
        Cells.computed(e -> either(e, "message", "note").asText("").strip()),
        EventCells::firstSeen,
        Cells.count(EventCells::count),
        Cells.name());
  }

  private static JsonNode either(ObjectNode event, String name, String newName) {
    return absent(event, name) ? at(event, newName) : at(event, name);
  }

  private static TextNode firstSeen(ObjectNode event, Instant now) {
    return TextNode.valueOf(Cells.since(first(event), now));
  }

  private static TextNode lastSeen(ObjectNode event, Instant now) {
    String last = text(event, "series", "lastObservedTime");
    if (last.isEmpty()) {
      last = either(event, "lastTimestamp", "deprecatedLastTimestamp").asText("");
    }
    return TextNode.valueOf(Cells.since(last.isEmpty() ? first(event) : last, now));
  }

  private static String first(ObjectNode event) {
    String first = either(event, "firstTimestamp", "deprecatedFirstTimestamp").asText("");
    return first.isEmpty() ? text(event, "eventTime") : first;
  }

  private static String about(JsonNode object) {
    String kind = text(object, "kind").toLowerCase(Locale.ROOT);
    String name = text(object, "name");
    return name.isEmpty() ? kind : kind + "/" + name;
  }

  /** The old fields if they are set, else those that took their place. */
  private static String source(ObjectNode event) {
    JsonNode source = either(event, "source", "deprecatedSource");
    boolean old = !text(source, "component").isEmpty();
    // The core kind calls it reportingComponent, the newer one reportingController.
    String reporter = either(event, "reportingComponent", "reportingController").asText("");
    String component = old ? text(source, "component") : reporter;
    String place = old ? text(source, "host") : text(event, "reportingInstance");
    return place.isEmpty() ? component : component + ", " + place;
  }

  /** One that happened once has no count in the newer form. */
  private static long count(ObjectNode event) {
    long count =
        absent(event, "series")
            ? either(event, "count", "deprecatedCount").longValue()
            : at(event, "series", "count").longValue();
    return Math.max(count, 1);
  }
}
