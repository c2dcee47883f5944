package dev.shiplog.api.schema.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** Messages whose JSON is no object with the same fields: times, quantities and the like. */
final class LeafMessages {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final int STRING_KIND = 1;

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private interface Reader {
    JsonNode read(CodedInputStream in, Messages messages) throws IOException;
  }

  private interface Writer {
    byte[] write(JsonNode value, MessageWriter writer);
  }

  private record Leaf(Reader reader, Writer writer) {}

  private static final Map<String, Leaf> LEAVES =
      Map.of(
          META + "Time",
          new Leaf(
              (in, messages) -> time(in, DateTimeFormatter.ISO_INSTANT, true),
              (value, writer) -> writeTime(value)),
          META + "MicroTime",
          new Leaf((in, messages) -> time(in, MICROS, false), (value, writer) -> writeTime(value)),
          META + "FieldsV1",
          new Leaf((in, messages) -> json(in), (value, writer) -> writeJson(value)),
          "io.k8s.apimachinery.pkg.runtime.RawExtension",
          new Leaf((in, messages) -> json(in), (value, writer) -> writeJson(value)),
          SchemaLeaves.PREFIX + "JSON",
          new Leaf((in, messages) -> json(in), (value, writer) -> writeJson(value)),
          "io.k8s.apimachinery.pkg.api.resource.Quantity",
          new Leaf((in, messages) -> quantity(in), (value, writer) -> writeQuantity(value)),
          "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
          new Leaf((in, messages) -> intOrString(in), (value, writer) -> writeIntOrString(value)),
          SchemaLeaves.PREFIX + "JSONSchemaPropsOrArray",
          new Leaf(SchemaLeaves::schemaOrSchemas, SchemaLeaves::write),
          SchemaLeaves.PREFIX + "JSONSchemaPropsOrBool",
          new Leaf(SchemaLeaves::flagOrSchema, SchemaLeaves::writeFlagOrSchema),
          SchemaLeaves.PREFIX + "JSONSchemaPropsOrStringArray",
          new Leaf(SchemaLeaves::schemaOrNames, SchemaLeaves::write));

  private LeafMessages() {}

  static boolean isLeaf(String definition) {
    return LEAVES.containsKey(definition);
  }

  /** The value; null if it is unset. */
  static JsonNode read(String definition, CodedInputStream in, Messages messages)
      throws IOException {
    return LEAVES.get(definition).reader().read(in, messages);
  }

  /** The message of a value. */
  static byte[] write(String definition, JsonNode value, MessageWriter writer) {
    return LEAVES.get(definition).writer().write(value, writer);
  }

  private static byte[] writeTime(JsonNode value) {
    if (!value.isTextual()) {
      return new byte[0];
    }
    Instant time = Instant.parse(value.textValue());
    return MessageWriter.message(out -> {
      out.writeInt64(1, time.getEpochSecond());
      out.writeInt32(2, time.getNano());
    });
  }

  private static byte[] writeQuantity(JsonNode value) {
    return MessageWriter.message(out -> out.writeString(1, value.asText()));
  }

  private static byte[] writeIntOrString(JsonNode value) {
    return MessageWriter.message(out -> {
      out.writeInt64(1, value.isTextual() ? STRING_KIND : 0);
      out.writeInt32(2, value.isTextual() ? 0 : value.intValue());
      out.writeString(3, value.isTextual() ? value.textValue() : "");
    });
  }

  private static byte[] writeJson(JsonNode value) {
    return MessageWriter.message(out -> out.writeByteArray(1, Json.bytes(value)));
  }

  private static JsonNode time(CodedInputStream in, DateTimeFormatter format, boolean wholeSeconds)
      throws IOException {
    boolean set = false;
    long seconds = 0;
    int nanos = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      set = true;
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> seconds = in.readInt64();
        case 2 -> nanos = in.readInt32();
        default -> in.skipField(tag);
      }
    }
    Instant instant = Instant.ofEpochSecond(seconds, wholeSeconds ? 0 : nanos);
    return set ? NODES.textNode(format.format(instant)) : null;
  }

  private static JsonNode quantity(CodedInputStream in) throws IOException {
    String text = "0";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 1) {
        text = in.readString();
      } else {
        in.skipField(tag);
      }
    }
    return NODES.textNode(text);
  }

  private static JsonNode intOrString(CodedInputStream in) throws IOException {
    long kind = 0;
    int number = 0;
    String text = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> kind = in.readInt64();
        case 2 -> number = in.readInt32();
        case 3 -> text = in.readString();
        default -> in.skipField(tag);
      }
    }
    return kind == STRING_KIND ? NODES.textNode(text) : NODES.numberNode(number);
  }

  private static JsonNode json(CodedInputStream in) throws IOException {
    JsonNode value = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 1) {
        value = Json.MAPPER.readTree(in.readByteArray());
      } else {
        in.skipField(tag);
      }
    }
    return value;
  }
}
