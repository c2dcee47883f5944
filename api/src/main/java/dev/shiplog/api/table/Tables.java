package dev.shiplog.api.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Makes meta.k8s.io Tables of objects. Immutable; any thread.
 *
 * <p>A list is one Table: {@link #empty}, then {@link #addRow} for each object. An object, and the
 * object of a watch event, is a Table of one row; of the events of one watch only the first has the
 * column definitions.
 */
public final class Tables {

  private static final Tables BUILT_IN = new Tables();
  private static final String META = "meta.k8s.io/";

  private final TableColumns columns = TableColumns.read();
  private final Map<String, List<Cell>> rows = RowTable.all();
  private final List<Cell> generic = List.of(Cells.name(), Cells.created());

  private Tables() {}

  public static Tables builtIn() {
    return BUILT_IN;
  }

  /**
   * A Table without rows.
   *
   * @param version {@code v1} or {@code v1beta1}
   * @param listMeta the metadata of the list; taken over as it is
   */
  public ObjectNode empty(ResourceType resource, String version, ObjectNode listMeta) {
    ObjectNode table = head(version, listMeta);
    table.set(
        "columnDefinitions",
        resource
            .custom()
            .map(custom -> new CustomColumns(custom).definitions())
            .orElseGet(() -> columns.of(key(resource), resource.typeName(), row(resource))));
    table.putArray("rows");
    return table;
  }

  /** Appends the row of an object, which has the form of the resource. */
  public void addRow(
      ObjectNode table,
      ResourceType resource,
      ObjectNode object,
      IncludeObject include,
      Instant now) {
    ObjectNode row = ((ArrayNode) table.get("rows")).addObject();
    ArrayNode cells = row.putArray("cells");
    if (resource.custom().isPresent()) {
      new CustomColumns(resource.custom().get()).cells(object, now).forEach(cells::add);
    } else {
      row(resource).forEach(cell -> cells.add(cell.of(object, now)));
    }
    conditions(resource, object, row);
    include(include, object, row, table);
  }

  /**
   * A Table of one object.
   *
   * @param withColumns false for all events of a watch but the first
   */
  public ObjectNode of(
      ResourceType resource,
      String version,
      ObjectNode object,
      IncludeObject include,
      boolean withColumns,
      Instant now) {
    ObjectNode listMeta = JsonNodeFactory.instance.objectNode();
    if (object.path("metadata").has("resourceVersion")) {
      listMeta.set("resourceVersion", object.path("metadata").get("resourceVersion"));
    }
    ObjectNode table = empty(resource, version, listMeta);
    if (!withColumns) {
      table.putNull("columnDefinitions");
    }
    addRow(table, resource, object, include, now);
    return table;
  }

  /** A Table of one autoscaling/v1 Scale. */
  public static ObjectNode ofScale(
      ObjectNode scale, String version, IncludeObject include, Instant now) {
    ObjectNode listMeta = JsonNodeFactory.instance.objectNode();
    listMeta.set("resourceVersion", scale.path("metadata").path("resourceVersion"));
    ObjectNode table = head(version, listMeta);
    table.set("columnDefinitions", ScaleColumns.definitions());
    ObjectNode row = table.putArray("rows").addObject();
    ArrayNode cells = row.putArray("cells");
    ScaleColumns.ROW.forEach(cell -> cells.add(cell.of(scale, now)));
    include(include, scale, row, table);
    return table;
  }

  private static void include(
      IncludeObject include, ObjectNode object, ObjectNode row, ObjectNode table) {
    switch (include) {
      case NONE -> row.putNull("object");
      case METADATA -> row.set("object", partial(object, table.path("apiVersion").textValue()));
      case OBJECT -> row.set("object", object);
    }
  }

  /** An object's metadata alone, as a PartialObjectMetadata of that apiVersion. */
  public static ObjectNode partial(ObjectNode object, String apiVersion) {
    ObjectNode partial = JsonNodeFactory.instance.objectNode();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", apiVersion);
    partial.set("metadata", object.path("metadata"));
    return partial;
  }

  private static ObjectNode head(String version, ObjectNode listMeta) {
    ObjectNode table = JsonNodeFactory.instance.objectNode();
    table.put("kind", "Table").put("apiVersion", META + version);
    table.set("metadata", listMeta);
    return table;
  }

  /** By it kubectl tells pods that are through from those at work. */
  private static void conditions(ResourceType resource, ObjectNode object, ObjectNode row) {
    String phase = object.path("status").path("phase").asText("");
    boolean pod = resource.qualifiedName().equals("pods");
    if (pod && (phase.equals("Succeeded") || phase.equals("Failed"))) {
      row.putArray("conditions")
          .addObject()
          .put("type", "Completed")
          .put("status", "True")
          .put("reason", phase)
          .put(
              "message",
              phase.equals("Succeeded")
                  ? "The pod has completed successfully."
                  : "The pod failed.");
    }
  }

  private List<Cell> row(ResourceType resource) {
    return rows.getOrDefault(key(resource), generic);
  }

  private String key(ResourceType resource) {
    // Without rules for its columns a resource is shown as any other.
    return rows.containsKey(resource.qualifiedName()) ? resource.qualifiedName() : "*";
  }
}
