package dev.shiplog.api.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.Times;
import java.time.Instant;

/** The status of a definition, as it changes. The tree belongs to one thread. */
final class DefinitionStatus {

  private final ObjectNode status;
  private final Instant now;

  DefinitionStatus(ObjectNode definition, Instant now) {
    this.status = Trees.child(definition, "status");
    this.now = now;
  }

  /** Takes over the names; with all of them the resource may be served. */
  void accept(AcceptedNames accepted) {
    status.set("acceptedNames", accepted.names());
    condition("NamesAccepted", accepted.all(), accepted.reason(), accepted.message());
    if (accepted.all()) {
      establish(true, "InitialNamesAccepted", "the initial names have been accepted");
    } else {
      establish(false, "NotAccepted", "not all names are accepted");
    }
  }

  void end() {
    condition(
        "Terminating",
        true,
        "InstanceDeletionInProgress",
        "CustomResource deletion is in progress");
  }

  /** What is served stays so whatever becomes of its names. */
  private void establish(boolean established, String reason, String message) {
    for (JsonNode condition : status.path("conditions")) {
      boolean isEstablished =
          Trees.text(condition, "type").equals(Definition.ESTABLISHED)
              && Trees.text(condition, "status").equals("True");
      if (isEstablished) {
        return;
      }
    }
    condition(Definition.ESTABLISHED, established, reason, message);
  }

  private void condition(String type, boolean holds, String reason, String message) {
    ArrayNode conditions = Trees.list(status, "conditions");
    ObjectNode condition = null;
    for (ObjectNode known : Trees.objects(status, "conditions")) {
      condition = Trees.text(known, "type").equals(type) ? known : condition;
    }
    String value = holds ? "True" : "False";
    if (condition == null) {
      condition = conditions.addObject();
    }
    if (!Trees.text(condition, "status").equals(value)) {
      condition.put("lastTransitionTime", Times.seconds(now));
    }
    condition.put("type", type).put("status", value).put("reason", reason).put("message", message);
  }
}
