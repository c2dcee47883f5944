package dev.shiplog.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** What stands in one column of an object's row. */
@FunctionalInterface
interface Cell {
  JsonNode of(ObjectNode object, Instant now);
}
