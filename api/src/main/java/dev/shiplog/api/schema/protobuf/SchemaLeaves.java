package dev.shiplog.api.schema.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/** The parts of a custom resource's schema that JSON writes in one of two forms. */
final class SchemaLeaves {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  static final String PREFIX = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
  private static final String SCHEMA = PREFIX + "JSONSchemaProps";

  private SchemaLeaves() {}

  /** Reads a schema, or a list of schemas in field 2. */
  static JsonNode schemaOrSchemas(CodedInputStream in, Messages messages) throws IOException {
    JsonNode one = null;
    ArrayNode many = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> one = schema(in, messages);
        case 2 -> {
          many = many == null ? NODES.arrayNode() : many;
          many.add(schema(in, messages));
        }
        default -> in.skipField(tag);
      }
    }
    return many == null ? one : many;
  }

  /** Reads a flag, or a schema in field 2. */
  static JsonNode flagOrSchema(CodedInputStream in, Messages messages) throws IOException {
    boolean allows = false;
    JsonNode schema = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> allows = in.readBool();
        case 2 -> schema = schema(in, messages);
        default -> in.skipField(tag);
      }
    }
    return schema == null ? NODES.booleanNode(allows) : schema;
  }

  /** Reads a schema, or a list of names in field 2. */
  static JsonNode schemaOrNames(CodedInputStream in, Messages messages) throws IOException {
    JsonNode schema = null;
    ArrayNode names = NODES.arrayNode();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> schema = schema(in, messages);
        case 2 -> names.add(in.readString());
        default -> in.skipField(tag);
      }
    }
    return schema == null ? names : schema;
  }

  private static JsonNode schema(CodedInputStream in, Messages messages) throws IOException {
    ObjectNode schema = NODES.objectNode();
    messages.read(SCHEMA, CodedInputStream.newInstance(in.readByteArray()), schema);
    return schema;
  }

  /** Writes any of the three. */
  static byte[] write(JsonNode value, MessageWriter writer) {
    return MessageWriter.message(out -> {
      switch (value) {
        case ArrayNode list -> {
          for (JsonNode item : list) {
            if (item.isTextual()) {
              out.writeString(2, item.textValue());
            } else {
              out.writeByteArray(2, writer.message(SCHEMA, item));
            }
          }
        }
        case JsonNode flag when flag.isBoolean() -> out.writeBool(1, flag.booleanValue());
        case JsonNode schema -> out.writeByteArray(1, writer.message(SCHEMA, schema));
      }
    });
  }

  /** Writes a flag, or a schema that also says yes. */
  static byte[] writeFlagOrSchema(JsonNode value, MessageWriter writer) {
    return MessageWriter.message(out -> {
      out.writeBool(1, !value.isBoolean() || value.booleanValue());
      if (value.isObject()) {
        out.writeByteArray(2, writer.message(SCHEMA, value));
      }
    });
  }
}
