package dev.shiplog.api.schema.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.types.TypeCatalogue;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Writes definitions as schemas. It collects every definition it refers to, so that a document
 * holds what it needs and no more. One document, one thread.
 */
final class SchemaWriter {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Dialect dialect;
  private final TypeCatalogue types;

  /** Whom the kinds belong to that every group and version has. */
  private final Collection<GroupVersion> groupVersions;

  /** What is not in the catalogue of types, by name. */
  private final Map<String, Supplier<ObjectNode>> custom = new HashMap<>();

  private final SortedMap<String, ObjectNode> written = new TreeMap<>();
  private final Deque<String> pending = new ArrayDeque<>();

  SchemaWriter(Dialect dialect, TypeCatalogue types, Collection<GroupVersion> groupVersions) {
    this.dialect = dialect;
    this.types = types;
    this.groupVersions = groupVersions;
  }

  /** A reference to a definition, which becomes a part of the document. */
  ObjectNode reference(String definition) {
    if (!written.containsKey(definition)) {
      written.put(definition, NODES.objectNode());
      pending.add(definition);
    }
    return NODES.objectNode().put("$ref", dialect.reference(definition));
  }

  /** Makes the definitions of a custom resource known: its object and its list. */
  void add(ResourceType resource) {
    custom.put(resource.typeName(), () -> CustomSchemas.object(resource, dialect, this::reference));
    custom.put(resource.typeName() + "List", () -> CustomSchemas.list(resource, this::reference));
  }

  /** Whether there is a definition of that name. */
  boolean has(String definition) {
    return custom.containsKey(definition) || types.find(definition).isPresent();
  }

  /** All definitions that were referred to, and those that these refer to, by name. */
  ObjectNode schemas() {
    while (!pending.isEmpty()) {
      String name = pending.poll();
      if (custom.containsKey(name)) {
        written.get(name).setAll(custom.get(name).get());
      } else {
        write(name, types.facts(name), written.get(name));
      }
    }
    return NODES.objectNode().setAll(written);
  }

  private void write(String name, JsonNode facts, ObjectNode schema) {
    describe(Descriptions.builtIn().of(name), schema);
    JsonNode oneOf = facts.path("oneOf");
    if (dialect == Dialect.V3 && oneOf.isArray()) {
      ArrayNode alternatives = schema.putArray("oneOf");
      oneOf.forEach(type -> alternatives.addObject().set("type", type));
    } else if (!facts.path("type").asText().equals("any")) {
      schema.set("type", facts.get("type"));
    }
    copy(facts, "description", schema, "description");
    copy(facts, "format", schema, "format");
    if (facts.has("fields")) {
      ObjectNode properties = schema.putObject("properties");
      facts
          .get("fields")
          .properties()
          .forEach(e -> {
            properties.set(e.getKey(), property(name, e.getKey(), e.getValue()));
          });
    }
    copy(facts, "required", schema, "required");
    copy(facts, "mapType", schema, "x-kubernetes-map-type");
    kinds(name, facts, schema);
  }

  /** The client has no words for fields that are objects: then the first of what these are. */
  private String borrowed(JsonNode facts) {
    JsonNode type = facts.path("ref");
    return dialect == Dialect.V3 && type.isTextual()
        ? Descriptions.firstSentence(Descriptions.builtIn().of(type.textValue()))
        : "";
  }

  private void kinds(String definition, JsonNode facts, ObjectNode schema) {
    JsonNode own = facts.path("gvk");
    boolean every = facts.path("gvkEvery").booleanValue();
    if (!own.isArray() && !every) {
      return;
    }
    ArrayNode kinds = schema.putArray("x-kubernetes-group-version-kind");
    own.forEach(kinds::add);
    if (every) {
      // The name of such a definition is that of its kind.
      String name = definition.substring(definition.lastIndexOf('.') + 1);
      groupVersions.forEach(gv ->
          kinds
              .addObject()
              .put("group", gv.group())
              .put("version", gv.version())
              .put("kind", name));
    }
  }

  private static void describe(String text, ObjectNode schema) {
    if (!text.isEmpty()) {
      schema.put("description", text);
    }
  }

  private ObjectNode property(String definition, String field, JsonNode facts) {
    ObjectNode schema = value(facts);
    String own = Descriptions.builtIn().of(definition, field);
    String borrowed = own.isEmpty() ? borrowed(facts) : "";
    JsonNode implied = dialect == Dialect.V3 ? impliedDefault(facts) : null;
    boolean says = implied != null || !own.isEmpty();
    // Beside a reference nothing else may stand that its readers have to know. What the type says
    // itself is none of that, nor that it is empty if nothing is set: kubectl shows the words in
    // lists of fields, and does not say them twice where it shows the type as well.
    if (dialect == Dialect.V3 && says && borrowed.isEmpty() && schema.has("$ref")) {
      ObjectNode wrapped = NODES.objectNode();
      wrapped.putArray("allOf").add(schema);
      schema = wrapped;
    }
    describe(own.isEmpty() ? borrowed : own, schema);
    if (implied != null) {
      schema.set("default", implied);
    }
    if (facts.has("description")) {
      // Beside a reference nothing else may stand; a default has wrapped it already.
      if (schema.has("$ref")) {
        ObjectNode wrapped = NODES.objectNode();
        wrapped.putArray("allOf").add(schema);
        schema = wrapped;
      }
      schema.set("description", facts.get("description"));
    }
    copy(facts, "listType", schema, "x-kubernetes-list-type");
    copy(facts, "listMapKeys", schema, "x-kubernetes-list-map-keys");
    copy(facts, "mapType", schema, "x-kubernetes-map-type");
    copy(facts, "patchStrategy", schema, "x-kubernetes-patch-strategy");
    copy(facts, "patchMergeKey", schema, "x-kubernetes-patch-merge-key");
    return schema;
  }

  private ObjectNode value(JsonNode facts) {
    if (facts.has("ref")) {
      return reference(facts.get("ref").textValue());
    }
    ObjectNode schema = NODES.objectNode();
    if (!facts.path("type").asText().equals("any")) {
      schema.set("type", facts.get("type"));
    }
    copy(facts, "format", schema, "format");
    copy(facts, "enum", schema, "enum");
    if (facts.has("items")) {
      schema.set("items", value(facts.get("items")));
    }
    if (facts.has("values")) {
      schema.set("additionalProperties", value(facts.get("values")));
    }
    return schema;
  }

  /** The declared default; else that of a field which is written even when it was not set. */
  private JsonNode impliedDefault(JsonNode facts) {
    if (facts.has("default")) {
      return facts.get("default");
    }
    boolean always = facts.path("emit").asText().equals("always");
    if (!always || facts.path("ptr").booleanValue()) {
      return null;
    }
    if (facts.has("ref")) {
      return types.facts(facts.get("ref").textValue()).has("fields") ? NODES.objectNode() : null;
    }
    return switch (facts.path("type").asText()) {
      case "string" -> NODES.textNode("");
      case "integer", "number" -> NODES.numberNode(0);
      case "boolean" -> NODES.booleanNode(false);
      default -> null;
    };
  }

  private static void copy(JsonNode facts, String from, ObjectNode schema, String to) {
    if (facts.has(from)) {
      schema.set(to, facts.get(from));
    }
  }
}
