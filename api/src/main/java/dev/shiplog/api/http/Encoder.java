package dev.shiplog.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.shiplog.api.conversion.Conversion;
import dev.shiplog.api.http.Representation.Form;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.schema.protobuf.ProtobufBody;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.table.Tables;
import dev.shiplog.api.verbs.Answer;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes objects in the representation a client wants. Stored bytes that are in it already are
 * handed on as they are. Any thread.
 */
final class Encoder {

  private static final ObjectMapper JSON = new JsonMapper();
  private static final ObjectMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .build());

  private static final ProtobufBody PROTOBUF =
      new ProtobufBody(ResourceCatalogue::builtIn, TypeCatalogue.builtIn());

  private final RecentMessages messages = new RecentMessages();
  private final UnchangedObjects unchanged = new UnchangedObjects();
  private final InstantSource clock;

  Encoder(InstantSource clock) {
    this.clock = clock;
  }

  /** A tree that has the same form for everybody: a Status, a review, discovery. */
  byte[] tree(ObjectNode tree, Syntax syntax) {
    if (syntax == Syntax.PROTOBUF) {
      return PROTOBUF.of(tree);
    }
    try {
      return (syntax == Syntax.JSON ? JSON : YAML).writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /** The same JSON in lines. */
  byte[] pretty(byte[] json) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(Json.MAPPER.readTree(json));
    } catch (IOException e) {
      throw new IllegalStateException("what was written as JSON can be read", e);
    }
  }

  /** One object. */
  byte[] object(ResourceType type, StoredObject object, Representation wanted) {
    if (wanted.isPlainJson()) {
      return plain(type, object, wanted);
    }
    if (wanted.syntax() == Syntax.PROTOBUF) {
      return ProtobufBody.inEnvelope(
          objectVersion(type, wanted), objectKind(type, wanted), message(type, object, wanted));
    }
    return tree(shown(type, object, wanted), wanted.syntax());
  }

  private byte[] plain(ResourceType type, StoredObject object, Representation wanted) {
    if (type.servesStoredBytes() || unchanged.contains(type, object)) {
      return object.bytes();
    }
    byte[] served = tree(shown(type, object, wanted), wanted.syntax());
    unchanged.note(type, object, served);
    return served;
  }

  /** What was made for an answer; of such things only a Scale has other forms. */
  ObjectNode made(ObjectNode object, Representation wanted) {
    return wanted.form() == Form.TABLE && object.path("kind").asText().equals("Scale")
        ? Tables.ofScale(object, wanted.version(), wanted.include(), clock.instant())
        : object;
  }

  private ObjectNode shown(ResourceType type, StoredObject object, Representation wanted) {
    return switch (wanted.form()) {
      case OBJECT -> Conversion.toServed(type, object.tree());
      case PARTIAL_METADATA -> partial(object.tree(), wanted);
      case TABLE ->
          Tables.builtIn()
              .of(
                  type,
                  wanted.version(),
                  Conversion.toServed(type, object.tree()),
                  wanted.include(),
                  true,
                  clock.instant());
    };
  }

  /** An object's message, made once while the object is recent. */
  private byte[] message(ResourceType type, StoredObject object, Representation wanted) {
    return messages.of(object, type, wanted, () -> PROTOBUF.messageOf(shown(type, object, wanted)));
  }

  /** A list in protobuf. Its length stands before its items, so it is made whole. */
  byte[] listMessage(Answer.Listing listing, Representation wanted) {
    List<byte[]> items = new ArrayList<>(listing.objects().size());
    for (StoredObject object : listing.objects()) {
      items.add(message(listing.type(), object, wanted));
    }
    return PROTOBUF.listOf(
        listVersion(listing.type(), wanted),
        listKind(listing.type(), wanted),
        listMetadata(listing),
        items);
  }

  /** An object of the kind that a watch in this representation carries, with nothing in it. */
  ObjectNode bookmark(ResourceType type, Representation wanted) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    return switch (wanted.form()) {
      case OBJECT -> object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
      case PARTIAL_METADATA -> partial(object, wanted);
      case TABLE -> Tables.builtIn().empty(type, wanted.version(), object);
    };
  }

  /** What is told about a list as a whole. */
  ObjectNode listMetadata(Answer.Listing listing) {
    ObjectNode metadata =
        JsonNodeFactory.instance
            .objectNode()
            .put("resourceVersion", Long.toString(listing.revision()));
    listing.continuation().ifPresent(next -> metadata.put("continue", next.token()));
    listing.remaining().ifPresent(count -> metadata.put("remainingItemCount", count));
    return metadata;
  }

  /** A list as one tree, for what cannot be put together from pieces. */
  ObjectNode listTree(Answer.Listing listing, Representation wanted) {
    if (wanted.form() == Form.TABLE) {
      return table(listing, wanted);
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", listKind(listing.type(), wanted));
    list.put("apiVersion", listVersion(listing.type(), wanted));
    list.set("metadata", listMetadata(listing));
    ArrayNode items = list.putArray("items");
    for (StoredObject object : listing.objects()) {
      items.add(shown(listing.type(), object, wanted));
    }
    return list;
  }

  private ObjectNode table(Answer.Listing listing, Representation wanted) {
    Tables tables = Tables.builtIn();
    ResourceType type = listing.type();
    ObjectNode table = tables.empty(type, wanted.version(), listMetadata(listing));
    Instant now = clock.instant();
    for (StoredObject object : listing.objects()) {
      tables.addRow(table, type, Conversion.toServed(type, object.tree()), wanted.include(), now);
    }
    return table;
  }

  private static String objectKind(ResourceType type, Representation wanted) {
    return wanted.form() == Form.PARTIAL_METADATA ? "PartialObjectMetadata" : type.kind();
  }

  private static String objectVersion(ResourceType type, Representation wanted) {
    return listVersion(type, wanted);
  }

  static String listKind(ResourceType type, Representation wanted) {
    return wanted.form() == Form.PARTIAL_METADATA
        ? "PartialObjectMetadataList"
        : type.kind() + "List";
  }

  static String listVersion(ResourceType type, Representation wanted) {
    return wanted.form() == Form.PARTIAL_METADATA
        ? "meta.k8s.io/" + wanted.version()
        : type.apiVersion();
  }

  static ObjectNode partial(JsonNode object, Representation wanted) {
    ObjectNode partial = JsonNodeFactory.instance.objectNode();
    partial.put("kind", "PartialObjectMetadata");
    partial.put("apiVersion", "meta.k8s.io/" + wanted.version());
    if (object.has("metadata")) {
      partial.set("metadata", object.get("metadata"));
    }
    return partial;
  }
}
