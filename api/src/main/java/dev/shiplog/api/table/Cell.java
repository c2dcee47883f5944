package dev.shiplog.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** What stands in one column of an object's row. */
@FunctionalInterface
interface Cell {
  JsonNode of(ObjectNode object, Instant now);

  /** Path of the field that it shows, whose description is the column's; empty if there is none. */
  default List<String> shown() {
    return List.of();
  }

  /** The same, that shows the field at a path. */
  default Cell about(String... path) {
    Cell cell = this;
    List<String> shown = List.of(path);
    return new Cell() {
      @Override
      public JsonNode of(ObjectNode object, Instant now) {
        return cell.of(object, now);
      }

      @Override
      public List<String> shown() {
        return shown;
      }
    };
  }
}
