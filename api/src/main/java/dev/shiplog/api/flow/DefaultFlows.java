package dev.shiplog.api.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The FlowSchemas and priority levels that every cluster has, as Kubernetes makes them. */
public final class DefaultFlows {

  private DefaultFlows() {}

  /** New trees, levels first. */
  public static List<ObjectNode> objects() {
    try (InputStream in = DefaultFlows.class.getResourceAsStream("flow-control-defaults.json")) {
      List<ObjectNode> objects = new ArrayList<>();
      for (JsonNode object : Json.MAPPER.readTree(in)) {
        objects.add((ObjectNode) object);
      }
      return objects;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
