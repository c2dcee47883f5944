package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.request.Target;

/** Status objects that say that something succeeded. */
final class Statuses {

  private Statuses() {}

  /** What was done to the object is done. */
  static ObjectNode success(Target target, String uid) {
    ObjectNode status = success();
    ObjectNode details = status.putObject("details").put("name", target.name());
    if (!target.type().group().isEmpty()) {
      details.put("group", target.type().group());
    }
    details.put("kind", target.type().plural()).put("uid", uid);
    return status;
  }

  /** What was posted has been taken, and is no object of its own. */
  static ObjectNode taken() {
    return success().put("code", 201);
  }

  private static ObjectNode success() {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return status.put("status", "Success");
  }
}
