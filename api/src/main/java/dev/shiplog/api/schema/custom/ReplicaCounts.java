package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.validation.Causes;
import dev.shiplog.api.schema.validation.FieldPath;
import dev.shiplog.api.status.StatusCause;
import java.util.List;

/** Whether the numbers that a Scale would show of a custom resource are such as it may show. */
final class ReplicaCounts {

  private static final List<String> PATHS = List.of("specReplicasPath", "statusReplicasPath");

  private ReplicaCounts() {}

  /**
   * Tells which are not.
   *
   * @param scale {@code subresources.scale}; a missing node if there is none
   */
  static void validate(JsonNode scale, ObjectNode object, List<StatusCause> into) {
    Causes causes = new Causes();
    for (String field : PATHS) {
      String path = Trees.text(scale, field);
      if (!path.isEmpty()) {
        String[] steps = path.substring(1).split("\\.");
        count(Trees.at(object, steps), FieldPath.of(steps), causes);
      }
    }
    into.addAll(causes.list());
  }

  private static void count(JsonNode value, FieldPath path, Causes causes) {
    if (value.isIntegralNumber() && value.longValue() < 0) {
      causes.invalid(path, value, "should be a non-negative integer");
    } else if (value.isIntegralNumber() && value.longValue() > Integer.MAX_VALUE) {
      causes.invalid(path, value, "should be less than or equal to " + Integer.MAX_VALUE);
    }
  }
}
