package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The structural part of a schema: what may be where. Limits of values stay in {@link #facts}.
 *
 * @param facts the schema as it was written; shared, not to be changed
 * @param properties fields by name; empty unless it is an object with fields
 * @param additional values under any other name; null if there may be none, or any
 * @param items of a list; null if it is none, or says nothing of them
 */
public record CustomSchema(
    JsonNode facts,
    Map<String, CustomSchema> properties,
    CustomSchema additional,
    CustomSchema items) {

  private static final String EXTENSION = "x-kubernetes-";
  private static final Set<String> TYPE_META = Set.of("apiVersion", "kind", "metadata");

  /** Whether every object may have the field at its root, and every embedded one. */
  public static boolean isTypeMeta(String name) {
    return TYPE_META.contains(name);
  }

  /** Reads {@code openAPIV3Schema}, or a schema inside it. */
  public static CustomSchema of(JsonNode facts) {
    Map<String, CustomSchema> properties = new LinkedHashMap<>();
    facts
        .path("properties")
        .properties()
        .forEach(e -> properties.put(e.getKey(), of(e.getValue())));
    JsonNode additional = facts.path("additionalProperties");
    JsonNode items = facts.path("items");
    return new CustomSchema(
        facts,
        properties,
        additional instanceof ObjectNode ? of(additional) : null,
        items instanceof ObjectNode ? of(items) : null);
  }

  /** {@code object}, {@code array}, {@code string}, …; empty if it does not say. */
  public String type() {
    return facts.path("type").asText("");
  }

  public boolean nullable() {
    return facts.path("nullable").asBoolean(false);
  }

  /** Null for none. */
  public JsonNode defaultValue() {
    return facts.get("default");
  }

  public boolean intOrString() {
    return flag("int-or-string");
  }

  /** Whether fields it does not name are kept. */
  public boolean preservesUnknownFields() {
    return flag("preserve-unknown-fields");
  }

  /** Whether the value is a whole object of the API. */
  public boolean embedded() {
    return flag("embedded-resource");
  }

  /** {@code atomic}, {@code set} or {@code map}. */
  public String listType() {
    return facts.path(EXTENSION + "list-type").asText("atomic");
  }

  public List<String> listMapKeys() {
    List<String> keys = new ArrayList<>();
    facts.path(EXTENSION + "list-map-keys").forEach(key -> keys.add(key.asText()));
    return keys;
  }

  /** {@code x-kubernetes-validations}. */
  public JsonNode rules() {
    return facts.path(EXTENSION + "validations");
  }

  /** Whether a field of that name is kept. */
  public boolean knows(String name) {
    return properties.containsKey(name)
        || additional != null
        || facts.path("additionalProperties").asBoolean(false);
  }

  /** The schema of a field; null if nothing is said about it. */
  public CustomSchema child(String name) {
    CustomSchema property = properties.get(name);
    return property == null ? additional : property;
  }

  /** What tells an item of a list of type {@code map} from the others; defaults included. */
  List<JsonNode> keyOf(JsonNode item) {
    List<JsonNode> key = new ArrayList<>();
    for (String name : listMapKeys()) {
      JsonNode value = item.path(name);
      CustomSchema schema = items == null ? null : items.properties.get(name);
      boolean useDefault = value.isMissingNode() && schema != null && schema.defaultValue() != null;
      key.add(useDefault ? schema.defaultValue() : value);
    }
    return key;
  }

  /** Finds to an item the one that was at its place before; null if there was none. */
  UnaryOperator<JsonNode> counterparts(JsonNode before) {
    if (!(before instanceof ArrayNode) || !listType().equals("map")) {
      return item -> null;
    }
    Map<List<JsonNode>, JsonNode> byKey = new HashMap<>();
    before.forEach(item -> byKey.putIfAbsent(keyOf(item), item));
    return item -> byKey.get(keyOf(item));
  }

  /** Whether a default is anywhere in it. */
  boolean hasDefaults() {
    return defaultValue() != null
        || properties.values().stream().anyMatch(CustomSchema::hasDefaults)
        || (additional != null && additional.hasDefaults())
        || (items != null && items.hasDefaults());
  }

  private boolean flag(String name) {
    return facts.path(EXTENSION + name).asBoolean(false);
  }
}
