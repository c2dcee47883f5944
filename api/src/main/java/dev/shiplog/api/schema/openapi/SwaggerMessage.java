package dev.shiplog.api.schema.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The Swagger document as a protobuf message (package {@code openapi.v2}), which clients written in
 * Go ask for. The fields of each message are data; what JSON and the messages say in different
 * ways, maps and alternatives, is spelled out by a few forms of types:
 *
 * <ul>
 *   <li>{@code []T}: each item by itself
 *   <li>{@code map:N:T}: a message whose repeated field N holds pairs of a name and a T
 *   <li>{@code in:N:T}: a message whose field N is a T; of a list, each item
 *   <li>{@code any}: JSON text, which is YAML too
 * </ul>
 *
 * Any thread.
 */
final class SwaggerMessage {

  /** Media type of the message, as it was named first and as clients name it now. */
  static final String MEDIA_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private static final String EXTENSION = "x-";

  /** Of each message: name of the JSON field, its number, its type; x- holds all extensions. */
  private static final Map<String, Map<String, Slot>> MESSAGES =
      Map.ofEntries(
          message(
              "Document",
              "swagger 1 text, info 2 Info, paths 8 map:2:Path, definitions 9 map:1:Schema,"
                  + " x- 16 any"),
          message("Info", "title 1 text, version 2 text, description 3 text, x- 7 any"),
          message(
              "Path",
              "get 2 Operation, put 3 Operation, post 4 Operation, delete 5 Operation, options 6"
                  + " Operation, head 7 Operation, patch 8 Operation, parameters 9 []parameter,"
                  + " x- 10 any"),
          message(
              "Operation",
              "tags 1 []text, summary 2 text, description 3 text, operationId 5 text, produces 6"
                  + " []text, consumes 7 []text, parameters 8 []parameter, responses 9"
                  + " map:1:in:1:Response, schemes 10 []text, deprecated 11 flag, x- 13 any"),
          message("Response", "description 1 text, schema 2 in:1:Schema, x- 5 any"),
          message(
              "Body",
              "description 1 text, name 2 text, in 3 text, required 4 flag, schema 5 Schema,"
                  + " x- 6 any"),
          message(
              "Query",
              "required 1 flag, in 2 text, description 3 text, name 4 text, type 6 text, format 7"
                  + " text, uniqueItems 20 flag, enum 21 []any, x- 23 any"),
          message(
              "Place",
              "required 1 flag, in 2 text, description 3 text, name 4 text, type 5 text, format 6"
                  + " text, uniqueItems 19 flag, enum 20 []any, x- 22 any"),
          message(
              "Schema",
              "$ref 1 text, format 2 text, title 3 text, description 4 text, default 5 any,"
                  + " multipleOf 6 number, maximum 7 number, exclusiveMaximum 8 flag, minimum 9"
                  + " number, exclusiveMinimum 10 flag, maxLength 11 whole, minLength 12 whole,"
                  + " pattern 13 text, maxItems 14 whole, minItems 15 whole, uniqueItems 16 flag,"
                  + " maxProperties 17 whole, minProperties 18 whole, required 19 []text, enum 20"
                  + " []any, additionalProperties 21 additional, type 22 in:1:text, items 23"
                  + " in:1:Schema, allOf 24 []Schema, properties 25 map:1:Schema, example 30 any,"
                  + " x- 31 any"));

  private SwaggerMessage() {}

  private record Slot(int number, String type) {}

  private static Map.Entry<String, Map<String, Slot>> message(String name, String fields) {
    Map<String, Slot> slots = new HashMap<>();
    for (String field : fields.split(", ")) {
      String[] parts = field.split(" ");
      slots.put(parts[0], new Slot(Integer.parseInt(parts[1]), parts[2]));
    }
    return Map.entry(name, Map.copyOf(slots));
  }

  /** Encodes a document. */
  static byte[] of(JsonNode document) {
    return bytes(out -> message(out, "Document", document));
  }

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      writing.to(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void message(CodedOutputStream out, String name, JsonNode node)
      throws IOException {
    Map<String, Slot> slots = MESSAGES.get(name);
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      Slot slot = slots.get(field.getKey());
      if (slot != null) {
        field(out, slot.number(), slot.type(), field.getValue());
      } else if (field.getKey().startsWith(EXTENSION)) {
        named(out, slots.get(EXTENSION).number(), "any", field.getKey(), field.getValue());
      }
    }
  }

  private static void field(CodedOutputStream out, int number, String type, JsonNode value)
      throws IOException {
    switch (type) {
      case "text" -> out.writeString(number, value.asText());
      case "flag" -> out.writeBool(number, value.booleanValue());
      case "whole" -> out.writeInt64(number, value.longValue());
      case "number" -> out.writeDouble(number, value.doubleValue());
      case "any" -> nested(out, number, any -> any.writeString(2, value.toString()));
      case "parameter" -> nested(out, number, item -> parameter(item, value));
      case "additional" ->
          nested(
              out,
              number,
              item -> {
                if (value.isBoolean()) {
                  field(item, 2, "flag", value);
                } else {
                  field(item, 1, "Schema", value);
                }
              });
      default -> compound(out, number, type, value);
    }
  }

  private static void compound(CodedOutputStream out, int number, String type, JsonNode value)
      throws IOException {
    if (type.startsWith("[]")) {
      for (JsonNode item : value) {
        field(out, number, type.substring(2), item);
      }
      return;
    }
    String[] parts = type.split(":", 3);
    switch (parts[0]) {
      case "map" ->
          nested(
              out,
              number,
              map -> {
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                  named(
                      map, Integer.parseInt(parts[1]), parts[2], entry.getKey(), entry.getValue());
                }
              });
      case "in" ->
          nested(
              out,
              number,
              holder -> {
                Iterable<JsonNode> items = value.isArray() ? value : List.of(value);
                for (JsonNode item : items) {
                  field(holder, Integer.parseInt(parts[1]), parts[2], item);
                }
              });
      default -> nested(out, number, item -> message(item, type, value));
    }
  }

  private static void named(
      CodedOutputStream out, int number, String type, String name, JsonNode value)
      throws IOException {
    nested(
        out,
        number,
        pair -> {
          pair.writeString(1, name);
          field(pair, 2, type, value);
        });
  }

  /** Alternatives within alternatives: of the body, or of where else the parameter is. */
  private static void parameter(CodedOutputStream out, JsonNode value) throws IOException {
    String in = value.path("in").asText();
    nested(
        out,
        1,
        parameter -> {
          switch (in) {
            case "body" -> field(parameter, 1, "Body", value);
            case "query" -> nested(parameter, 2, other -> field(other, 3, "Query", value));
            case "header" -> nested(parameter, 2, other -> field(other, 1, "Place", value));
            default -> nested(parameter, 2, other -> field(other, 4, "Place", value));
          }
        });
  }

  private static void nested(CodedOutputStream out, int number, Writing content)
      throws IOException {
    byte[] bytes = bytes(content);
    out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(bytes.length);
    out.writeRawBytes(bytes);
  }
}
