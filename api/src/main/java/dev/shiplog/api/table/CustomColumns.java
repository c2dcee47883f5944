package dev.shiplog.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.custom.CustomVersion;
import dev.shiplog.api.schema.decoding.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The columns a custom resource's definition asks for. Without any, an object's age is shown. */
final class CustomColumns {

  private static final JsonNode AGE =
      JsonNodeFactory.instance
          .objectNode()
          .put("name", "Age")
          .put("type", "date")
          .put("jsonPath", ".metadata.creationTimestamp");

  private final List<JsonNode> columns = new ArrayList<>();

  CustomColumns(CustomVersion version) {
    version.columns().forEach(columns::add);
    if (columns.isEmpty()) {
      columns.add(AGE);
    }
  }

  ArrayNode definitions() {
    ArrayNode definitions = JsonNodeFactory.instance.arrayNode();
    add(definitions, "Name", "string", "name", 0);
    for (JsonNode column : columns) {
      add(
          definitions,
          Trees.text(column, "name"),
          Trees.text(column, "type"),
          Trees.text(column, "format"),
          column.path("priority").asInt(0));
    }
    return definitions;
  }

  private static void add(
      ArrayNode definitions, String name, String type, String format, int priority) {
    definitions
        .addObject()
        .put("name", name)
        .put("type", type)
        .put("format", format)
        .put("description", "")
        .put("priority", priority);
  }

  List<JsonNode> cells(ObjectNode object, Instant now) {
    List<JsonNode> cells = new ArrayList<>();
    cells.add(TextNode.valueOf(Trees.text(object, "metadata", "name")));
    for (JsonNode column : columns) {
      List<JsonNode> found = SimpleJsonPath.find(object, Trees.text(column, "jsonPath"));
      cells.add(found.isEmpty() ? NullNode.instance : cell(Trees.text(column, "type"), found, now));
    }
    return cells;
  }

  private static JsonNode cell(String type, List<JsonNode> found, Instant now) {
    JsonNode first = found.getFirst();
    return switch (type) {
      case "integer", "number" -> first.isNumber() ? first : NullNode.instance;
      case "boolean" -> first.isBoolean() ? first : NullNode.instance;
      case "date" -> TextNode.valueOf(age(first.asText(""), now));
      default ->
          TextNode.valueOf(
              found.stream()
                  .map(value -> value.isValueNode() ? value.asText() : value.toString())
                  .collect(Collectors.joining(" ")));
    };
  }

  private static String age(String time, Instant now) {
    try {
      return HumanDuration.of(Duration.between(Times.parse(time), now));
    } catch (IllegalArgumentException e) {
      return "<invalid>";
    }
  }
}
