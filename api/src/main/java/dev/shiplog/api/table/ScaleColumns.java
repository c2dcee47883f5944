package dev.shiplog.api.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/** How a Scale is shown. */
final class ScaleColumns {

  static final List<Cell> ROW =
      List.of(
          Cells.name(),
          Cells.number("spec", "replicas"),
          Cells.number("status", "replicas"),
          Cells.age());

  private static final List<String> NAMES = List.of("Name", "Desired", "Available", "Age");

  private ScaleColumns() {}

  static ArrayNode definitions() {
    ColumnDescriptions descriptions = new ColumnDescriptions("io.k8s.api.autoscaling.v1.Scale");
    ArrayNode definitions = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < NAMES.size(); i++) {
      boolean number = NAMES.get(i).equals("Desired") || NAMES.get(i).equals("Available");
      definitions
          .addObject()
          .put("name", NAMES.get(i))
          .put("type", number ? "integer" : "string")
          .put("format", "")
          .put("description", descriptions.of(NAMES.get(i), ROW.get(i)))
          .put("priority", 0);
    }
    return definitions;
  }
}
