package dev.shiplog.api.schema.decoding;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.custom.CustomSchema;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;

/**
 * Reads a custom resource's object: what its schema does not know is dropped, metadata is read as
 * that of any object, everything else stays as it was written. One instance per body.
 */
final class CustomReader {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeDefinition METADATA =
      TypeCatalogue.builtIn().get("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");

  private final Problems problems;
  private final Place place = new Place();

  CustomReader(Problems problems) {
    this.problems = problems;
  }

  /** Reads the object at whose start the parser stands, up to its end. */
  ObjectNode object(JsonParser parser, CustomSchema schema) throws IOException {
    ObjectNode object = object(parser);
    fields(schema, object, true);
    return object;
  }

  private ObjectNode object(JsonParser parser) throws IOException {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (object.has(name)) {
        problems.duplicateField(place.pathTo(name));
      }
      place.enterField(name);
      parser.nextToken();
      object.set(name, value(parser));
      place.leave();
    }
    return object;
  }

  private JsonNode value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> list(parser);
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? NODES.numberNode(parser.getDoubleValue())
              : MAPPER.readTree(parser);
      default -> MAPPER.readTree(parser);
    };
  }

  private ArrayNode list(JsonParser parser) throws IOException {
    ArrayNode items = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      place.enterItem(items.size());
      items.add(value(parser));
      place.leave();
    }
    return items;
  }

  private void prune(CustomSchema schema, JsonNode value) throws IOException {
    switch (value) {
      case ObjectNode object -> fields(schema, object, schema.embedded());
      case ArrayNode items when schema.items() != null -> {
        for (int i = 0; i < items.size(); i++) {
          place.enterItem(i);
          prune(schema.items(), items.get(i));
          place.leave();
        }
      }
      default -> {} // nothing inside
    }
  }

  /**
   * Looks at the fields of an object.
   *
   * @param whole whether it is an object of the API, at the root or embedded
   */
  private void fields(CustomSchema schema, ObjectNode object, boolean whole) throws IOException {
    Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      String name = field.getKey();
      CustomSchema child = schema.child(name);
      boolean metadata = whole && name.equals("metadata");
      boolean known = schema.knows(name) || (whole && CustomSchema.isTypeMeta(name));
      if (metadata) {
        if (field.getValue().isNull()) {
          fields.remove();
        } else {
          field.setValue(metadata(field.getValue()));
        }
      } else if (!known && !schema.preservesUnknownFields()) {
        problems.unknownField(place.pathTo(name));
        fields.remove();
      } else if (child != null) {
        place.enterField(name);
        prune(child, field.getValue());
        place.leave();
      }
    }
  }

  private JsonNode metadata(JsonNode value) throws IOException {
    if (!value.isObject()) {
      problems.wrongType("metadata must be an object");
      return NODES.objectNode();
    }
    place.enterField("metadata");
    try (JsonParser parser = value.traverse()) {
      parser.nextToken();
      return new TypedReader(parser, problems, place, false).object(METADATA);
    } finally {
      place.leave();
    }
  }
}
