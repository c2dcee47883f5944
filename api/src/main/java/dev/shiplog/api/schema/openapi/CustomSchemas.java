package dev.shiplog.api.schema.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ResourceType;
import java.util.List;
import java.util.function.Function;

/** Schemas of custom resources as they are published: what their definitions say, made whole. */
final class CustomSchemas {

  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

  private static final String SOME_KIND = "io.k8s.api.core.v1.Pod";

  /** What Swagger 2.0 has no words for, or the clients of that document trip over. */
  private static final List<String> NOT_IN_V2 =
      List.of("default", "oneOf", "anyOf", "allOf", "not", "nullable");

  private CustomSchemas() {}

  /**
   * The schema of an object.
   *
   * @param reference makes a reference to a definition
   */
  static ObjectNode object(
      ResourceType resource, Dialect dialect, Function<String, ObjectNode> reference) {
    ObjectNode schema = resource.custom().orElseThrow().schema().facts().deepCopy();
    if (dialect == Dialect.V2) {
      simplify(schema);
    }
    ObjectNode properties = schema.withObject("/properties");
    properties.set("apiVersion", text("apiVersion"));
    properties.set("kind", text("kind"));
    properties.set("metadata", reference.apply(META + "ObjectMeta"));
    kind(schema, resource, resource.kind());
    return schema;
  }

  static ObjectNode list(ResourceType resource, Function<String, ObjectNode> reference) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties.set("apiVersion", text("apiVersion"));
    properties.set("kind", text("kind"));
    properties.set("metadata", reference.apply(META + "ListMeta"));
    ObjectNode items = properties.putObject("items").put("type", "array");
    items.set("items", reference.apply(resource.typeName()));
    schema.putArray("required").add("items");
    kind(schema, resource, resource.kind() + "List");
    return schema;
  }

  private static void kind(ObjectNode schema, ResourceType resource, String kind) {
    schema
        .putArray("x-kubernetes-group-version-kind")
        .addObject()
        .put("group", resource.group())
        .put("version", resource.version())
        .put("kind", kind);
  }

  /** Means the same in every object. */
  private static ObjectNode text(String field) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "string")
        .put("description", Descriptions.builtIn().of(SOME_KIND, field));
  }

  private static void simplify(JsonNode node) {
    if (!(node instanceof ObjectNode schema)) {
      return;
    }
    if (schema.path("nullable").asBoolean(false)) {
      // Its clients take a type to exclude null.
      schema.remove(List.of("type", "items", "properties", "additionalProperties"));
    }
    schema.remove(NOT_IN_V2);
    schema.path("properties").forEach(CustomSchemas::simplify);
    simplify(schema.path("items"));
    simplify(schema.path("additionalProperties"));
  }
}
