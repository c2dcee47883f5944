package dev.shiplog.api.table;

import static dev.shiplog.api.schema.SchemaFixtures.decoded;
import static dev.shiplog.api.schema.SchemaFixtures.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Rows at noon of a certain day. */
final class TableFixtures {

  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private TableFixtures() {}

  static List<String> row(String path, String manifest) {
    ObjectNode table =
        Tables.builtIn()
            .of(resource(path), "v1", decoded(path, manifest), IncludeObject.NONE, true, NOON);
    List<String> cells = new ArrayList<>();
    table.at("/rows/0/cells").forEach(cell -> cells.add(cell.asText()));
    return cells;
  }
}
