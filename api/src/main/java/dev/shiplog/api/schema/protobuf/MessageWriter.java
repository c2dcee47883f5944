package dev.shiplog.api.schema.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.CodedOutputStream;
import dev.shiplog.api.schema.types.TypeCatalogue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes objects as messages along the types' data: the other direction of {@link Messages}. What
 * an object does not have is not written, which readers take for zero. Any thread.
 */
final class MessageWriter {

  private static final int BUFFER = 512;

  private final TypeCatalogue types;
  private final Map<String, Map<Integer, Slot>> known = new ConcurrentHashMap<>();

  MessageWriter(TypeCatalogue types) {
    this.types = types;
  }

  /** What writes a message's fields. */
  @FunctionalInterface
  interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** The bytes of a message. */
  static byte[] message(Fields fields) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(BUFFER);
      CodedOutputStream out = CodedOutputStream.newInstance(bytes, BUFFER);
      fields.writeTo(out);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The message of a definition with fields. */
  byte[] message(String definition, JsonNode object) {
    return message(out -> write(slots(definition), object, out));
  }

  private Map<Integer, Slot> slots(String definition) {
    return known.computeIfAbsent(definition, name -> Slot.of(types.facts(name)));
  }

  private void write(Map<Integer, Slot> slots, JsonNode object, CodedOutputStream out)
      throws IOException {
    for (Map.Entry<Integer, Slot> slot : slots.entrySet()) {
      int number = slot.getKey();
      switch (slot.getValue()) {
        case Slot.Inlined inlined -> {
          byte[] inner = message(rest -> write(inlined.slots(), object, rest));
          if (inner.length > 0) {
            out.writeByteArray(number, inner);
          }
        }
        case Slot.Value field -> {
          JsonNode value = object.get(field.name());
          if (value != null && !value.isNull()) {
            write(number, field.facts(), value, out);
          }
        }
      }
    }
  }

  private void write(int number, JsonNode facts, JsonNode value, CodedOutputStream out)
      throws IOException {
    if (facts.has("items")) {
      for (JsonNode item : value) {
        writeOne(number, facts.get("items"), item, out);
      }
    } else if (facts.has("values")) {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        out.writeByteArray(number, entry(entry, facts.get("values")));
      }
    } else {
      writeOne(number, facts, value, out);
    }
  }

  private byte[] entry(Map.Entry<String, JsonNode> entry, JsonNode facts) {
    return message(out -> {
      out.writeString(1, entry.getKey());
      writeOne(2, facts, entry.getValue(), out);
    });
  }

  private void writeOne(int number, JsonNode facts, JsonNode value, CodedOutputStream out)
      throws IOException {
    if (facts.has("ref")) {
      out.writeByteArray(number, referenced(facts.get("ref").textValue(), value));
      return;
    }
    switch (facts.path("type").asText()) {
      case "string" -> {
        if (facts.path("format").asText().equals("byte")) {
          out.writeByteArray(number, Base64.getDecoder().decode(value.asText("")));
        } else {
          out.writeString(number, value.asText(""));
        }
      }
      case "boolean" -> out.writeBool(number, value.booleanValue());
      case "number" -> out.writeDouble(number, value.doubleValue());
      // A list that is a message of its own, where protobuf has no repeated field in a map.
      case "array" -> out.writeByteArray(number, message(list -> write(1, facts, value, list)));
      default -> out.writeInt64(number, value.longValue());
    }
  }

  private byte[] referenced(String definition, JsonNode value) {
    return LeafMessages.isLeaf(definition)
        ? LeafMessages.write(definition, value, this)
        : message(definition, value);
  }
}
