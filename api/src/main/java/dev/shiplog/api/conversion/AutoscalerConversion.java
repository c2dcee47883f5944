package dev.shiplog.api.conversion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * HorizontalPodAutoscalers. Version 1 knows one metric, the use of CPU; what version 2 has besides
 * travels in annotations, as text, so that a client of version 1 loses nothing when it writes back
 * what it read.
 */
final class AutoscalerConversion {

  private static final String PREFIX = "autoscaling.alpha.kubernetes.io/";
  private static final JsonMapper MAPPER = new JsonMapper();

  private AutoscalerConversion() {}

  static ObjectNode toV1(ObjectNode scaler) {
    ObjectNode spec = scaler.withObject("/spec");
    JsonNode cpu = takeCpu(spec.path("metrics"));
    if (cpu != null) {
      spec.set("targetCPUUtilizationPercentage", cpu.at("/resource/target/averageUtilization"));
    }
    toAnnotation(scaler, spec, "metrics");
    toAnnotation(scaler, spec, "behavior");
    if (scaler.get("status") instanceof ObjectNode status) {
      JsonNode current = takeCpu(status.path("currentMetrics"));
      if (current != null) {
        status.set(
            "currentCPUUtilizationPercentage", current.at("/resource/current/averageUtilization"));
      }
      toAnnotation(scaler, status, "currentMetrics");
      toAnnotation(scaler, status, "conditions");
    }
    return scaler;
  }

  static ObjectNode fromV1(ObjectNode scaler) {
    ObjectNode spec = scaler.withObject("/spec");
    fromAnnotation(scaler, spec, "metrics");
    fromAnnotation(scaler, spec, "behavior");
    JsonNode cpu = spec.remove("targetCPUUtilizationPercentage");
    if (cpu != null && !cpu.isNull()) {
      ObjectNode resource = spec.withArray("/metrics").insertObject(0).put("type", "Resource");
      resource
          .putObject("resource")
          .put("name", "cpu")
          .putObject("target")
          .put("type", "Utilization")
          .set("averageUtilization", cpu);
    }
    if (scaler.get("status") instanceof ObjectNode status) {
      statusFromV1(scaler, status);
    }
    return scaler;
  }

  private static void statusFromV1(ObjectNode scaler, ObjectNode status) {
    fromAnnotation(scaler, status, "currentMetrics");
    fromAnnotation(scaler, status, "conditions");
    JsonNode cpu = status.remove("currentCPUUtilizationPercentage");
    if (cpu != null && !cpu.isNull()) {
      ObjectNode metric = status.withArray("/currentMetrics").insertObject(0);
      metric
          .put("type", "Resource")
          .putObject("resource")
          .put("name", "cpu")
          .putObject("current")
          .set("averageUtilization", cpu);
    }
  }

  /** Takes the metric that version 1 has a field for out of a list. */
  private static JsonNode takeCpu(JsonNode metrics) {
    if (metrics instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        JsonNode resource = list.get(i).path("resource");
        JsonNode value = resource.path(resource.has("target") ? "target" : "current");
        if (resource.path("name").asText().equals("cpu") && value.has("averageUtilization")) {
          return list.remove(i);
        }
      }
    }
    return null;
  }

  private static void toAnnotation(ObjectNode scaler, ObjectNode from, String field) {
    JsonNode value = from.remove(field);
    if (value != null && !value.isEmpty()) {
      scaler.withObject("/metadata/annotations").put(annotation(field), value.toString());
    }
  }

  private static void fromAnnotation(ObjectNode scaler, ObjectNode to, String field) {
    if (!(scaler.path("metadata").get("annotations") instanceof ObjectNode annotations)) {
      return;
    }
    JsonNode text = annotations.remove(annotation(field));
    if (text != null) {
      try {
        to.set(field, MAPPER.readTree(text.asText()));
      } catch (JsonProcessingException notOurs) {
        annotations.set(annotation(field), text);
      }
    }
  }

  private static String annotation(String field) {
    return PREFIX + (field.equals("currentMetrics") ? "current-metrics" : field);
  }
}
