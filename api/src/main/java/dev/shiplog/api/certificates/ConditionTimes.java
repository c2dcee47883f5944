package dev.shiplog.api.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** When conditions of a certificate signing request came to be, as far as nobody says it. */
final class ConditionTimes {

  private static final String UPDATED = "lastUpdateTime";
  private static final String CHANGED = "lastTransitionTime";

  private ConditionTimes() {}

  static void fillIn(ObjectNode request, JsonNode before, String now) {
    for (JsonNode condition : request.at("/status/conditions")) {
      if (!condition.hasNonNull(UPDATED)) {
        ((ObjectNode) condition).put(UPDATED, now);
      }
      if (!condition.hasNonNull(CHANGED)) {
        ((ObjectNode) condition).put(CHANGED, since(before, condition, now));
      }
    }
  }

  /** A condition that was there with the same status has not changed. */
  private static String since(JsonNode before, JsonNode condition, String now) {
    for (JsonNode was : before.at("/status/conditions")) {
      if (was.path("type").equals(condition.path("type"))
          && was.path("status").equals(condition.path("status"))
          && was.hasNonNull(CHANGED)) {
        return was.path(CHANGED).asText();
      }
    }
    return now;
  }
}
