package dev.shiplog.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Facts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads {@code printer-columns.json}: the column definitions of each resource. Their descriptions
 * are those of the fields they show, added when they are first asked for.
 */
final class TableColumns {

  private static final String ANY = "*";

  private final Map<String, ArrayNode> byResource = new HashMap<>();
  private final Map<String, ArrayNode> described = new ConcurrentHashMap<>();

  private TableColumns() {}

  static TableColumns read() {
    TableColumns columns = new TableColumns();
    for (JsonNode resource : Facts.read("printer-columns.json").get("resources")) {
      String group = resource.get("group").textValue();
      String plural = resource.get("plural").textValue();
      columns.byResource.put(
          group.isEmpty() || group.equals(ANY) ? plural : plural + "." + group,
          definitions(resource.get("columns")));
    }
    return columns;
  }

  /**
   * The columns of the resource, or those of every resource that has none. Not to be changed.
   *
   * @param typeName definition of its objects
   * @param row what it shows in its columns
   */
  ArrayNode of(String qualifiedName, String typeName, List<Cell> row) {
    return described.computeIfAbsent(
        typeName,
        type ->
            described(
                byResource.getOrDefault(qualifiedName, byResource.get(ANY)),
                new ColumnDescriptions(type),
                row));
  }

  private static ArrayNode described(
      ArrayNode plain, ColumnDescriptions descriptions, List<Cell> row) {
    ArrayNode definitions = plain.deepCopy();
    for (int i = 0; i < definitions.size() && i < row.size(); i++) {
      ObjectNode column = (ObjectNode) definitions.get(i);
      column.put("description", descriptions.of(column.get("name").textValue(), row.get(i)));
    }
    return definitions;
  }

  private static ArrayNode definitions(JsonNode columns) {
    ArrayNode definitions = JsonNodeFactory.instance.arrayNode();
    for (JsonNode column : columns) {
      ObjectNode definition = definitions.addObject();
      definition.put("name", column.get("name").textValue());
      definition.put("type", column.get("type").textValue());
      definition.put("format", column.path("format").asText(""));
      definition.put("description", "");
      definition.put("priority", column.path("priority").intValue());
    }
    return definitions;
  }
}
