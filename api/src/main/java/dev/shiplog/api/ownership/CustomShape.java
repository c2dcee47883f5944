package dev.shiplog.api.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.custom.CustomSchema;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.ValueType.Struct;
import java.util.List;

/**
 * The shape of a custom resource's values, as its schema has it.
 *
 * @param root whether it is a whole object of the API, whose metadata are those of all objects
 */
record CustomShape(CustomSchema schema, boolean root) implements Shape {

  private static final Shape METADATA =
      new TypedShape(
          new Struct("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", TypeCatalogue.builtIn()));

  @Override
  public boolean isWhole(JsonNode value) {
    if (value.isArray()) {
      return !isList() || schema.listType().equals("atomic");
    }
    return !value.isObject()
        || isList()
        || schema.facts().path("x-kubernetes-map-type").asText("").equals("atomic");
  }

  @Override
  public boolean names(String field) {
    return schema.properties().containsKey(field) || (root && CustomSchema.isTypeMeta(field));
  }

  @Override
  public Shape entry(String name) {
    if (root && name.equals("metadata")) {
      return METADATA;
    }
    return shape(schema.child(name));
  }

  @Override
  public boolean isList() {
    return schema.type().equals("array");
  }

  @Override
  public Shape items() {
    return shape(schema.items());
  }

  private static Shape shape(CustomSchema schema) {
    return schema == null ? TypedShape.UNTYPED : new CustomShape(schema, schema.embedded());
  }

  @Override
  public List<String> keys() {
    return schema.listType().equals("map") ? schema.listMapKeys() : List.of();
  }

  @Override
  public JsonNode keyDefault(String key) {
    CustomSchema known = schema.items() == null ? null : schema.items().properties().get(key);
    return known == null ? null : known.defaultValue();
  }

  @Override
  public ObjectNode nothing() {
    return FieldSet.node();
  }
}
