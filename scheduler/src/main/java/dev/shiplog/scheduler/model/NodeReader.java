package dev.shiplog.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/** Reads a v1 Node as it is stored. */
public final class NodeReader {

  private NodeReader() {}

  /**
   * Reads a node. One that does not say yet what it has is taken to have nothing.
   *
   * @throws IllegalArgumentException if a field holds what no valid object can
   */
  public static Node read(JsonNode node) {
    JsonNode metadata = node.path("metadata");
    JsonNode spec = node.path("spec");
    JsonNode allocatable = node.path("status").path("allocatable");
    return new Node(
        metadata.path("name").asText(),
        Fields.strings(metadata.path("labels")),
        Fields.list(spec.path("taints"), NodeReader::taint),
        spec.path("unschedulable").asBoolean(),
        PodRequests.amounts(allocatable),
        Math.toIntExact(
            Math.min(Integer.MAX_VALUE, Quantities.units(allocatable.path("pods").asText("0")))),
        images(node.path("status").path("images")));
  }

  private static Map<String, Long> images(JsonNode images) {
    if (images.isEmpty()) {
      return Map.of();
    }
    Map<String, Long> sizes = new HashMap<>();
    for (JsonNode image : images) {
      for (JsonNode name : image.path("names")) {
        sizes.put(PodImages.normalized(name.asText()), image.path("sizeBytes").asLong());
      }
    }
    return sizes;
  }

  private static Taint taint(JsonNode taint) {
    return new Taint(
        taint.path("key").asText(),
        taint.path("value").asText(),
        Taint.Effect.parse(taint.path("effect").asText()));
  }
}
