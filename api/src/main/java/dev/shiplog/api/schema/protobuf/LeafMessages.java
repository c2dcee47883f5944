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
  private static final String SCHEMA = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
  private static final int STRING_KIND = 1;

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private interface Reader {
    JsonNode read(CodedInputStream in) throws IOException;
  }

  private static final Map<String, Reader> READERS =
      Map.of(
          META + "Time",
          in -> time(in, DateTimeFormatter.ISO_INSTANT, true),
          META + "MicroTime",
          in -> time(in, MICROS, false),
          META + "FieldsV1",
          LeafMessages::json,
          "io.k8s.apimachinery.pkg.runtime.RawExtension",
          LeafMessages::json,
          SCHEMA + "JSON",
          LeafMessages::json,
          "io.k8s.apimachinery.pkg.api.resource.Quantity",
          LeafMessages::quantity,
          "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
          LeafMessages::intOrString);

  private LeafMessages() {}

  static boolean isLeaf(String definition) {
    return READERS.containsKey(definition);
  }

  /** The value; null if it is unset. */
  static JsonNode read(String definition, CodedInputStream in) throws IOException {
    return READERS.get(definition).read(in);
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
