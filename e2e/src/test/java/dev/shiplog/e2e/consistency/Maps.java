package dev.shiplog.e2e.consistency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shiplog.e2e.consistency.Call.Version;
import java.util.HashMap;
import java.util.Map;

/** The config maps of one namespace as the API words them: one entry is the content. */
record Maps(String namespace) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  String path() {
    return "/api/v1/namespaces/" + namespace + "/configmaps";
  }

  String path(String key) {
    return path() + "/" + key;
  }

  /**
   * A map as it is sent.
   *
   * @param revision the one it must have; none if not positive
   */
  static String body(String key, String content, long revision) {
    String version = revision > 0 ? ",\"resourceVersion\":\"" + revision + "\"" : "";
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"%s},\"data\":{\"content\":\"%s\"}}"
        .formatted(key, version, content);
  }

  /** The options of a delete that must find this revision. */
  static String onlyAt(long revision) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"DeleteOptions\",\"preconditions\":{\"resourceVersion\":\"%d\"}}"
        .formatted(revision);
  }

  static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  static Version version(JsonNode map) {
    return new Version(revision(map), map.at("/data/content").asText());
  }

  static long revision(JsonNode object) {
    return object.at("/metadata/resourceVersion").asLong();
  }

  static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  static Map<String, Version> items(JsonNode list) {
    Map<String, Version> items = new HashMap<>();
    list.path("items").forEach(item -> items.put(name(item), version(item)));
    return items;
  }
}
