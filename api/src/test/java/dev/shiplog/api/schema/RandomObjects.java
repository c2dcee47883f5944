package dev.shiplog.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.types.Field;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.schema.types.ValueType;
import dev.shiplog.api.schema.types.ValueType.Any;
import dev.shiplog.api.schema.types.ValueType.ListOf;
import dev.shiplog.api.schema.types.ValueType.MapOf;
import dev.shiplog.api.schema.types.ValueType.Scalar;
import dev.shiplog.api.schema.types.ValueType.Special;
import dev.shiplog.api.schema.types.ValueType.Struct;
import java.util.Base64;
import java.util.Random;

/** Objects of any type, with every field now and then. They have their types, and no sense. */
public final class RandomObjects {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int DEEPEST = 9;

  private final Random random;

  public RandomObjects(long seed) {
    this.random = new Random(seed);
  }

  /** An object of the resource, in canonical form. */
  public ObjectNode of(ResourceType resource) {
    TypeDefinition type = TypeCatalogue.builtIn().get(resource.typeName());
    ObjectNode object = struct(type, 0);
    object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
    CanonicalForm.apply(type, object);
    return object;
  }

  private ObjectNode struct(TypeDefinition type, int depth) {
    ObjectNode object = NODES.objectNode();
    for (Field field : type.fields()) {
      // Messages have no kind and apiVersion inside.
      boolean inMessage = type.facts().path("fields").path(field.name()).has("pb");
      if (inMessage && depth < DEEPEST && random.nextInt(3) != 0) {
        object.set(field.name(), value(field.type(), depth + 1));
      }
    }
    return object;
  }

  private JsonNode value(ValueType type, int depth) {
    return switch (type) {
      case Struct struct -> struct(struct.definition(), depth);
      case ListOf list -> {
        ArrayNode items = NODES.arrayNode();
        // No list or map is empty: protobuf cannot tell an empty one from none.
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
          items.add(value(list.items(), depth));
        }
        yield items;
      }
      case MapOf map -> {
        ObjectNode entries = NODES.objectNode();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
          entries.set("k" + random.nextInt(5), value(map.values(), depth));
        }
        yield entries;
      }
      case Any any -> any(any);
      case Scalar scalar -> scalar(scalar);
      case Special special -> special(special);
    };
  }

  private JsonNode any(Any type) {
    if (type.typeName().endsWith("JSONSchemaPropsOrBool")) {
      return NODES.booleanNode(random.nextBoolean());
    }
    if (type.typeName().endsWith("JSONSchemaPropsOrStringArray")) {
      return NODES.arrayNode().add("s" + random.nextInt(9));
    }
    if (type.typeName().endsWith("JSONSchemaPropsOrArray")) {
      return NODES.objectNode().put("type", "string");
    }
    return type.typeName().endsWith("CustomResourceSubresourceStatus")
        ? NODES.objectNode()
        : NODES.objectNode().put("any", random.nextInt());
  }

  private JsonNode scalar(Scalar type) {
    return switch (type.form()) {
      case STRING ->
          NODES.textNode(
              type.format().equals("byte")
                  ? Base64.getEncoder().encodeToString(bytes())
                  : "téxt-" + random.nextInt(1000));
      case INTEGER ->
          type.format().equals("int64")
              ? NODES.numberNode(random.nextLong())
              : NODES.numberNode((long) random.nextInt());
      case NUMBER -> NODES.numberNode(random.nextInt() / 8.0);
      case BOOLEAN -> NODES.booleanNode(random.nextBoolean());
    };
  }

  private byte[] bytes() {
    byte[] bytes = new byte[1 + random.nextInt(8)];
    random.nextBytes(bytes);
    return bytes;
  }

  private JsonNode special(Special type) {
    return switch (type.leaf()) {
      case TIME -> NODES.textNode("20%02d-01-02T03:04:05Z".formatted(10 + random.nextInt(80)));
      case MICRO_TIME ->
          NODES.textNode("2026-01-02T03:04:05.%06dZ".formatted(random.nextInt(999_999)));
      case QUANTITY -> NODES.textNode(1 + random.nextInt(900) + "m");
      case INT_OR_STRING ->
          random.nextBoolean()
              ? NODES.numberNode(random.nextInt(1000))
              : NODES.textNode(random.nextInt(100) + "%");
    };
  }
}
