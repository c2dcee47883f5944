package dev.shiplog.api.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Events: one kind of object, of which the two groups name some fields differently. */
final class EventConversion {

  /** Name in the core group to name in {@code events.k8s.io}. */
  private static final Map<String, String> NAMES =
      Map.of(
          "involvedObject", "regarding",
          "message", "note",
          "reportingComponent", "reportingController",
          "source", "deprecatedSource",
          "firstTimestamp", "deprecatedFirstTimestamp",
          "lastTimestamp", "deprecatedLastTimestamp",
          "count", "deprecatedCount");

  private EventConversion() {}

  static ObjectNode fromCore(ObjectNode event) {
    NAMES.forEach((core, other) -> Conversion.rename(event, core, other));
    return event;
  }

  static ObjectNode toCore(ObjectNode event) {
    NAMES.forEach((core, other) -> Conversion.rename(event, other, core));
    return event;
  }
}
