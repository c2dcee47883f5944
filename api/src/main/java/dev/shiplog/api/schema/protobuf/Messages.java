package dev.shiplog.api.schema.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.shiplog.api.schema.types.TypeCatalogue;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads messages along the types' data. The encoder at the other end writes scalars even when they
 * are unset; such zeros are left out, as JSON leaves them out. Any thread.
 */
final class Messages {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final TypeCatalogue types;
  private final Map<String, Map<Integer, Slot>> known = new ConcurrentHashMap<>();

  Messages(TypeCatalogue types) {
    this.types = types;
  }

  /** Reads a message of a definition with fields into an object. */
  void read(String definition, CodedInputStream in, ObjectNode into) throws IOException {
    read(slots(definition), in, into);
  }

  private Map<Integer, Slot> slots(String definition) {
    return known.computeIfAbsent(definition, name -> Slot.of(types.facts(name)));
  }

  private void read(Map<Integer, Slot> slots, CodedInputStream in, ObjectNode into)
      throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (slots.get(WireFormat.getTagFieldNumber(tag))) {
        case null -> in.skipField(tag);
        case Slot.Inlined inlined ->
            read(inlined.slots(), CodedInputStream.newInstance(in.readByteArray()), into);
        case Slot.Value value -> read(value, tag, in, into);
      }
    }
  }

  private void read(Slot.Value field, int tag, CodedInputStream in, ObjectNode into)
      throws IOException {
    JsonNode facts = field.facts();
    if (facts.has("items")) {
      addItems(facts, tag, in, array(into, field.name()));
    } else if (facts.has("values")) {
      putEntry(facts.get("values"), in, object(into, field.name()));
    } else {
      JsonNode value = value(facts, in);
      if (value != null && (keepsZero(facts) || !isZero(value))) {
        into.set(field.name(), value);
      }
    }
  }

  private void addItems(JsonNode facts, int tag, CodedInputStream in, ArrayNode into)
      throws IOException {
    JsonNode items = facts.get("items");
    boolean number = items.path("type").asText().equals("integer");
    if (number && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      CodedInputStream packed = CodedInputStream.newInstance(in.readByteArray());
      while (!packed.isAtEnd()) {
        into.add(value(items, packed));
      }
      return;
    }
    JsonNode value = value(items, in);
    if (value != null) {
      into.add(value);
    }
  }

  private void putEntry(JsonNode facts, CodedInputStream in, ObjectNode into) throws IOException {
    CodedInputStream entry = CodedInputStream.newInstance(in.readByteArray());
    String key = "";
    JsonNode value = null;
    for (int tag = entry.readTag(); tag != 0; tag = entry.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> key = entry.readString();
        case 2 -> value = value(facts, entry);
        default -> entry.skipField(tag);
      }
    }
    into.set(key, value == null ? NODES.textNode("") : value);
  }

  /** One value; null stands for none, as an unset time does. */
  private JsonNode value(JsonNode facts, CodedInputStream in) throws IOException {
    if (facts.has("ref")) {
      return referenced(facts.get("ref").textValue(), in);
    }
    return switch (facts.path("type").asText()) {
      case "string" ->
          facts.path("format").asText().equals("byte")
              ? NODES.textNode(Base64.getEncoder().encodeToString(in.readByteArray()))
              : NODES.textNode(in.readString());
      case "boolean" -> NODES.booleanNode(in.readBool());
      case "number" -> NODES.numberNode(in.readDouble());
      case "array" -> wrapped(facts, in);
      default -> NODES.numberNode(in.readInt64());
    };
  }

  /** A list that is a message of its own, where protobuf has no repeated field in a map. */
  private ArrayNode wrapped(JsonNode facts, CodedInputStream in) throws IOException {
    CodedInputStream list = CodedInputStream.newInstance(in.readByteArray());
    ArrayNode array = NODES.arrayNode();
    for (int tag = list.readTag(); tag != 0; tag = list.readTag()) {
      addItems(facts, tag, list, array);
    }
    return array;
  }

  private JsonNode referenced(String definition, CodedInputStream in) throws IOException {
    byte[] bytes = in.readByteArray();
    CodedInputStream message = CodedInputStream.newInstance(bytes);
    if (LeafMessages.isLeaf(definition)) {
      return LeafMessages.read(definition, message, this);
    }
    ObjectNode object = NODES.objectNode();
    read(slots(definition), message, object);
    return object;
  }

  /**
   * A message that is there means what it says: a number that may be a string, a schema's false.
   */
  private static boolean keepsZero(JsonNode facts) {
    return facts.path("ptr").asBoolean() || facts.has("ref");
  }

  private static boolean isZero(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> value.textValue().isEmpty();
      case NUMBER -> value.doubleValue() == 0;
      case BOOLEAN -> !value.booleanValue();
      default -> false;
    };
  }

  private static ArrayNode array(ObjectNode node, String field) {
    return node.get(field) instanceof ArrayNode array ? array : node.putArray(field);
  }

  private static ObjectNode object(ObjectNode node, String field) {
    return node.get(field) instanceof ObjectNode object ? object : node.putObject(field);
  }
}
