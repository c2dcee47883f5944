package dev.shiplog.api.schema.decoding;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.types.Field;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.schema.types.ValueType;
import dev.shiplog.api.schema.types.ValueType.Any;
import dev.shiplog.api.schema.types.ValueType.ListOf;
import dev.shiplog.api.schema.types.ValueType.MapOf;
import dev.shiplog.api.schema.types.ValueType.Scalar;
import dev.shiplog.api.schema.types.ValueType.Special;
import dev.shiplog.api.schema.types.ValueType.Struct;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a body along its type in one pass: what is unknown is dropped, what has the wrong type is
 * noted, and what is left has the canonical form. It goes on after a wrong value, since the kind of
 * the object, which may stand at its end, decides what to answer. One instance per body.
 */
final class TypedReader {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonParser parser;
  private final Problems problems;
  private final boolean sparse;
  private final Place place;

  /**
   * Makes a reader.
   *
   * @param sparse whether what is not said stays out, even where objects always have it
   */
  TypedReader(JsonParser parser, Problems problems, boolean sparse) {
    this(parser, problems, new Place(), sparse);
  }

  /** Reads a part of a body, at whose place the reader stands. */
  TypedReader(JsonParser parser, Problems problems, Place place, boolean sparse) {
    this.parser = parser;
    this.problems = problems;
    this.place = place;
    this.sparse = sparse;
  }

  /** Reads the object at whose start the parser stands, up to its end. */
  ObjectNode object(TypeDefinition type) throws IOException {
    JsonNode[] values = new JsonNode[type.fields().size()];
    boolean[] seen = new boolean[values.length];
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Field field = type.field(parser.currentName());
      if (field == null) {
        skipUnknown();
        continue;
      }
      if (seen[field.index()]) {
        problems.duplicateField(place.pathTo(field.name()));
      }
      seen[field.index()] = true;
      place.enterField(field.name());
      parser.nextToken();
      values[field.index()] = value(field.type(), type);
      place.leave();
    }
    return sparse ? sparse(type, values) : CanonicalForm.assemble(type, values);
  }

  private static ObjectNode sparse(TypeDefinition type, JsonNode[] values) {
    ObjectNode object = NODES.objectNode();
    for (Field field : type.fields()) {
      if (values[field.index()] != null) {
        object.set(field.name(), values[field.index()]);
      }
    }
    return object;
  }

  private void skipUnknown() throws IOException {
    problems.unknownField(place.pathTo(parser.currentName()));
    parser.nextToken();
    parser.skipChildren();
  }

  /** The value the parser stands at, or null if it is a JSON null or has the wrong type. */
  private JsonNode value(ValueType type, TypeDefinition owner) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return type instanceof Any any && !any.objectOnly() ? NODES.nullNode() : null;
    }
    return switch (type) {
      case Struct struct ->
          expect(JsonToken.START_OBJECT, type, owner) ? object(struct.definition()) : null;
      case ListOf list -> expect(JsonToken.START_ARRAY, type, owner) ? list(list, owner) : null;
      case MapOf map -> expect(JsonToken.START_OBJECT, type, owner) ? map(map, owner) : null;
      case Any any -> any(any, owner);
      case Scalar scalar -> plain(Scalars.read(scalar, parser), type, owner);
      case Special special -> plain(Scalars.read(special, parser), type, owner);
    };
  }

  private ArrayNode list(ListOf type, TypeDefinition owner) throws IOException {
    ArrayNode items = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      place.enterItem(items.size());
      JsonNode item = value(type.items(), owner);
      items.add(item == null ? CanonicalForm.zero(type.items(), false) : item);
      place.leave();
    }
    return items;
  }

  private ObjectNode map(MapOf type, TypeDefinition owner) throws IOException {
    Map<String, JsonNode> entries = new TreeMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      if (entries.containsKey(key)) {
        problems.duplicateField(place.pathTo(key));
      }
      place.enterKey(key);
      parser.nextToken();
      JsonNode value = value(type.values(), owner);
      entries.put(key, value == null ? CanonicalForm.zero(type.values(), false) : value);
      place.leave();
    }
    return NODES.objectNode().setAll(entries);
  }

  private JsonNode any(Any type, TypeDefinition owner) throws IOException {
    return !type.objectOnly() || expect(JsonToken.START_OBJECT, type, owner)
        ? MAPPER.readTree(parser)
        : null;
  }

  private boolean expect(JsonToken token, ValueType type, TypeDefinition owner) throws IOException {
    if (parser.currentToken() == token) {
      return true;
    }
    wrong(Scalars.describe(parser), type, owner);
    return false;
  }

  private JsonNode plain(Scalars.Result result, ValueType type, TypeDefinition owner)
      throws IOException {
    switch (result) {
      case Scalars.Value value -> {
        return value.node();
      }
      case Scalars.Malformed malformed -> problems.wrongType(malformed.message());
      case Scalars.WrongForm form -> wrong(form.found(), type, owner);
    }
    return null;
  }

  private void wrong(String found, ValueType type, TypeDefinition owner) throws IOException {
    problems.wrongType(
        "json: cannot unmarshal %s into Go struct field %s.%s of type %s"
            .formatted(found, owner.shortName(), place.fieldPath(), GoTypes.name(type)));
    parser.skipChildren();
  }
}
