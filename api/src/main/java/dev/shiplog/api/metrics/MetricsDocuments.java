package dev.shiplog.api.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes {@code NodeMetrics} and {@code PodMetrics} of what nodes' agents say. Pure. */
public final class MetricsDocuments {

  /** Over how long a rate is taken, as a node's agent takes it at least. */
  private static final String WINDOW = "10s";

  private MetricsDocuments() {}

  /** A list of such objects. */
  public static ObjectNode list(String kind, List<ObjectNode> items) {
    ObjectNode list = Json.MAPPER.createObjectNode();
    list.put("kind", kind + "List").put("apiVersion", MetricsApi.VERSION.apiVersion());
    list.putObject("metadata");
    list.putArray("items").addAll(items);
    return list;
  }

  /**
   * What a node uses.
   *
   * @param node as it is stored
   * @param summary what its agent says
   * @return empty if it cannot say how much processor time is used
   */
  public static Optional<ObjectNode> node(JsonNode node, JsonNode summary) {
    JsonNode figures = summary.path("node");
    if (!isMeasured(figures)) {
      return Optional.empty();
    }
    ObjectNode metrics = object("NodeMetrics", node, time(figures));
    metrics.set("usage", usage(figures));
    return Optional.of(metrics);
  }

  /**
   * What a pod's containers use.
   *
   * @param pod as it is stored
   * @param figures what its node's agent says of it, see {@link #byUid}
   * @return empty unless that is known of each container
   */
  public static Optional<ObjectNode> pod(JsonNode pod, JsonNode figures) {
    ArrayNode containers = Json.MAPPER.createArrayNode();
    for (JsonNode container : figures.path("containers")) {
      if (!isMeasured(container)) {
        return Optional.empty();
      }
      ObjectNode entry = containers.addObject().put("name", container.path("name").asText());
      entry.set("usage", usage(container));
    }
    if (containers.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode metrics = object("PodMetrics", pod, time(figures));
    metrics.set("containers", containers);
    return Optional.of(metrics);
  }

  /** A summary's pods by their uid. */
  public static Map<String, JsonNode> byUid(JsonNode summary) {
    Map<String, JsonNode> pods = new HashMap<>();
    summary.path("pods").forEach(pod -> pods.put(pod.at("/podRef/uid").asText(), pod));
    return pods;
  }

  private static boolean isMeasured(JsonNode figures) {
    return figures.at("/cpu/usageNanoCores").isNumber()
        && figures.at("/memory/workingSetBytes").isNumber();
  }

  private static String time(JsonNode figures) {
    String time = figures.at("/cpu/time").asText();
    int fraction = time.indexOf('.');
    return fraction < 0 ? time : time.substring(0, fraction) + "Z";
  }

  private static ObjectNode usage(JsonNode figures) {
    return Json.MAPPER
        .createObjectNode()
        .put("cpu", figures.at("/cpu/usageNanoCores").asLong() + "n")
        .put("memory", (figures.at("/memory/workingSetBytes").asLong() >> 10) + "Ki");
  }

  private static ObjectNode object(String kind, JsonNode of, String time) {
    ObjectNode object = Json.MAPPER.createObjectNode();
    object.put("kind", kind).put("apiVersion", MetricsApi.VERSION.apiVersion());
    ObjectNode metadata = object.putObject("metadata");
    for (String field : List.of("name", "namespace", "labels")) {
      if (of.path("metadata").has(field)) {
        metadata.set(field, of.path("metadata").get(field));
      }
    }
    metadata.put("creationTimestamp", time);
    return object.put("timestamp", time).put("window", WINDOW);
  }
}
