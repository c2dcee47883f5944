package dev.shiplog.api.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.Times;
import java.time.Instant;

/**
 * Whether an API can be had, and why not: the condition Available of an APIService.
 *
 * @param reason one word
 */
record Availability(boolean available, String reason, String message) {

  static final Availability LOCAL =
      new Availability(true, "Local", "Local APIServices are always available");

  static final Availability PASSED = new Availability(true, "Passed", "all checks passed");

  static Availability not(String reason, String message) {
    return new Availability(false, reason, message);
  }

  /** Writes it into an APIService, in place; the time of the last change stays if there is none. */
  void writeTo(ObjectNode apiService, Instant now) {
    ArrayNode conditions = Trees.list(Trees.child(apiService, "status"), "conditions");
    ObjectNode condition = null;
    for (JsonNode known : conditions) {
      if (Trees.text(known, "type").equals("Available")) {
        condition = (ObjectNode) known;
      }
    }
    if (condition == null) {
      condition = conditions.addObject();
    }
    String value = available ? "True" : "False";
    if (!Trees.text(condition, "status").equals(value)) {
      condition.put("lastTransitionTime", Times.seconds(now));
    }
    condition.put("type", "Available").put("status", value);
    condition.put("reason", reason).put("message", message);
  }
}
