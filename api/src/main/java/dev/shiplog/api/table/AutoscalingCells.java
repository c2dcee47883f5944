package dev.shiplog.api.table;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Autoscalers and disruption budgets. */
final class AutoscalingCells {

  private static final int SHOWN = 2;

  private AutoscalingCells() {}

  static void register(RowTable rows) {
    rows.of(
        "horizontalpodautoscalers",
        "autoscaling",
        List.of(
            Cells.name(),
            Cells.computed(AutoscalingCells::reference).about("spec", "scaleTargetRef"),
            Cells.computed(AutoscalingCells::targets),
            Cells.fieldOr(Cells.UNSET, "spec", "minReplicas"),
            Cells.number("spec", "maxReplicas"),
            Cells.number("status", "currentReplicas"),
            Cells.age()));
    rows.of(
        "poddisruptionbudgets",
        "policy",
        List.of(
            Cells.name(),
            Cells.fieldOr("N/A", "spec", "minAvailable"),
            Cells.fieldOr("N/A", "spec", "maxUnavailable"),
            Cells.number("status", "disruptionsAllowed"),
            Cells.age()));
  }

  private static String reference(ObjectNode autoscaler) {
    JsonNode target = at(autoscaler, "spec", "scaleTargetRef");
    return text(target, "kind") + "/" + text(target, "name");
  }

  private static String targets(ObjectNode autoscaler) {
    if (!absent(autoscaler, "spec", "targetCPUUtilizationPercentage")) {
      return "cpu: "
          + Cells.or(
              percent(at(autoscaler, "status", "currentCPUUtilizationPercentage")), Cells.UNKNOWN)
          + "/"
          + percent(at(autoscaler, "spec", "targetCPUUtilizationPercentage"));
    }
    List<String> targets = new ArrayList<>();
    int i = 0;
    for (ObjectNode metric : objects(autoscaler, "spec", "metrics")) {
      targets.add(target(metric, at(autoscaler, "status", "currentMetrics").path(i++)));
    }
    return targets.isEmpty() ? Cells.NONE : Cells.shortened(targets, SHOWN).replace(",", ", ");
  }

  /** What is measured now against what is wanted. */
  private static String target(ObjectNode metric, JsonNode current) {
    String type = text(metric, "type");
    String field =
        type.isEmpty() ? "" : type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
    JsonNode wanted = at(metric, field);
    String name = text(wanted, "name");
    return (name.isEmpty() ? "" : name + ": ")
        + Cells.or(value(at(current, field, "current")), Cells.UNKNOWN)
        + "/"
        + Cells.or(value(at(wanted, "target")), Cells.UNKNOWN);
  }

  private static String value(JsonNode value) {
    if (!absent(value, "averageUtilization")) {
      return percent(at(value, "averageUtilization"));
    }
    return absent(value, "averageValue") ? text(value, "value") : text(value, "averageValue");
  }

  private static String percent(JsonNode value) {
    return value.isMissingNode() ? "" : value.asText() + "%";
  }
}
