package dev.shiplog.api.verbs;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.custom.CustomVersion;

/**
 * Where an object says how many replicas it wants and has, and which pods they are.
 *
 * @param selector leads to nothing where there is none
 */
record ScalePaths(JsonPointer wanted, JsonPointer present, JsonPointer selector) {

  private static final ScalePaths BUILT_IN =
      new ScalePaths(
          JsonPointer.compile("/spec/replicas"),
          JsonPointer.compile("/status/replicas"),
          JsonPointer.compile("/spec/selector"));

  static ScalePaths of(ResourceType type) {
    return type.custom()
        .map(CustomVersion::storedForm)
        .map(CustomVersion::scale)
        .map(ScalePaths::custom)
        .orElse(BUILT_IN);
  }

  private static ScalePaths custom(JsonNode scale) {
    String selector = scale.path("labelSelectorPath").asText("");
    return new ScalePaths(
        pointer(scale.path("specReplicasPath").asText("")),
        pointer(scale.path("statusReplicasPath").asText("")),
        selector.isEmpty() ? JsonPointer.compile("/spec/-none-") : pointer(selector));
  }

  private static JsonPointer pointer(String path) {
    return JsonPointer.compile(path.replace('.', '/'));
  }
}
