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

  private static final JsonNode AGE = column("Age", "date", "", "creationTimestamp");
  private static final JsonNode NAME = column("Name", "string", "name", "name");

  private final List<JsonNode> columns = new ArrayList<>();

  CustomColumns(CustomVersion version) {
    version.columns().forEach(columns::add);
    if (columns.isEmpty()) {
      columns.add(AGE);
    }
  }

  ArrayNode definitions() {
    ArrayNode definitions = JsonNodeFactory.instance.arrayNode();
    add(definitions, NAME);
    for (JsonNode column : columns) {
      add(definitions, column);
    }
    return definitions;
  }

  /** A column that shows a field of metadata, and means what it does. */
  private static JsonNode column(String name, String type, String format, String field) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", name)
        .put("type", type)
        .put("format", format)
        .put("description", ColumnDescriptions.ofMetadata(field))
        .put("jsonPath", ".metadata." + field);
  }

  private static void add(ArrayNode definitions, JsonNode column) {
    definitions
        .addObject()
        .put("name", Trees.text(column, "name"))
        .put("type", Trees.text(column, "type"))
        .put("format", Trees.text(column, "format"))
        .put("description", description(column))
        .put("priority", column.path("priority").asInt(0));
  }

  private static String description(JsonNode column) {
    String given = Trees.text(column, "description");
    return given.isEmpty()
        ? "Custom resource definition column (in JSONPath format): "
            + Trees.text(column, "jsonPath")
        : given;
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
