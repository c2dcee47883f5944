package dev.shiplog.api.schema.protobuf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * A body or answer in protobuf: the bytes {@code k8s\0}, then an envelope (runtime.Unknown) that
 * names apiVersion and kind and holds the object's message. Any thread.
 */
public final class ProtobufBody {

  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final String META_V1 = "io.k8s.apimachinery.pkg.apis.meta.v1.";

  private final Supplier<ResourceCatalogue> resources;
  private final TypeCatalogue types;
  private final Messages messages;
  private final MessageWriter writer;

  public ProtobufBody(Supplier<ResourceCatalogue> resources, TypeCatalogue types) {
    this.resources = resources;
    this.types = types;
    this.messages = new Messages(types);
    this.writer = new MessageWriter(types);
  }

  /**
   * The same object as JSON, for the decoder that every body passes.
   *
   * @throws ApiFailure {@code BadRequest} if the bytes are no such body or of an unknown kind
   */
  public byte[] toJson(byte[] body) {
    if (body.length == 0) {
      return body;
    }
    if (body.length < MAGIC.length
        || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw Failures.badRequest("the body does not begin as Kubernetes' protobuf encoding does");
    }
    try {
      Envelope envelope =
          Envelope.read(
              CodedInputStream.newInstance(body, MAGIC.length, body.length - MAGIC.length));
      ObjectNode object = Json.MAPPER.createObjectNode();
      object.put("apiVersion", envelope.apiVersion()).put("kind", envelope.kind());
      messages.read(
          typeName(envelope.apiVersion(), envelope.kind()),
          CodedInputStream.newInstance(envelope.message()),
          object);
      return Json.bytes(object);
    } catch (IOException e) {
      throw Failures.badRequest("the body is no valid protobuf: " + e.getMessage());
    }
  }

  /** An object of any registered kind, in its envelope. */
  public byte[] of(ObjectNode object) {
    String apiVersion = object.path("apiVersion").asText();
    String kind = object.path("kind").asText();
    return inEnvelope(apiVersion, kind, writer.message(typeName(apiVersion, kind), object));
  }

  /** An object's message alone, as it is an item of a list. */
  public byte[] messageOf(ObjectNode object) {
    return writer.message(
        typeName(object.path("apiVersion").asText(), object.path("kind").asText()), object);
  }

  /**
   * A list in its envelope.
   *
   * @param kind of the list
   * @param metadata of the list
   * @param items messages of its objects
   */
  public byte[] listOf(String apiVersion, String kind, ObjectNode metadata, List<byte[]> items) {
    return inEnvelope(
        apiVersion,
        kind,
        MessageWriter.message(out -> {
          out.writeByteArray(1, writer.message(META_V1 + "ListMeta", metadata));
          for (byte[] item : items) {
            out.writeByteArray(2, item);
          }
        }));
  }

  /** What a watch sends: its length in four bytes, the type of the event and an object. */
  public static byte[] event(String type, byte[] object) {
    byte[] message =
        MessageWriter.message(out -> {
          out.writeString(1, type);
          out.writeByteArray(2, MessageWriter.message(raw -> raw.writeByteArray(1, object)));
        });
    return ByteBuffer.allocate(Integer.BYTES + message.length)
        .putInt(message.length)
        .put(message)
        .array();
  }

  /** Puts a message into the envelope that says what it is. */
  public static byte[] inEnvelope(String apiVersion, String kind, byte[] message) {
    byte[] unknown =
        MessageWriter.message(out -> {
          out.writeByteArray(
              1,
              MessageWriter.message(type -> {
                type.writeString(1, apiVersion);
                type.writeString(2, kind);
              }));
          out.writeByteArray(2, message);
          out.writeString(3, "");
          out.writeString(4, "");
        });
    return ByteBuffer.allocate(MAGIC.length + unknown.length).put(MAGIC).put(unknown).array();
  }

  private String typeName(String apiVersion, String kind) {
    String name =
        resources
            .get()
            .findByKind(apiVersion, kind)
            .map(ResourceType::typeName)
            .orElseGet(() -> otherKind(apiVersion, kind));
    return types
        .find(name)
        .orElseThrow(() ->
            Failures.badRequest(
                "no kind \"%s\" is registered for version \"%s\"".formatted(kind, apiVersion)))
        .name();
  }

  /** Kinds that are no resource, such as Scale or Eviction, lie beside those that are. */
  private String otherKind(String apiVersion, String kind) {
    String meta = META_V1 + kind;
    if (types.find(meta).isPresent()) {
      return meta;
    }
    GroupVersion version = GroupVersion.parse(apiVersion);
    if (version.group().equals("apidiscovery.k8s.io")) {
      return "io.k8s.api.apidiscovery." + version.version() + "." + kind;
    }
    return resources.get().in(version).stream()
        .findFirst()
        .map(type -> type.typeName().substring(0, type.typeName().lastIndexOf('.') + 1))
        .map(prefix -> prefix + kind)
        .orElse(kind);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Envelope(String apiVersion, String kind, byte[] message) {

    static Envelope read(CodedInputStream in) throws IOException {
      String apiVersion = "";
      String kind = "";
      byte[] message = new byte[0];
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag >>> 3) {
          case 1 -> {
            CodedInputStream meta = CodedInputStream.newInstance(in.readByteArray());
            for (int inner = meta.readTag(); inner != 0; inner = meta.readTag()) {
              switch (inner >>> 3) {
                case 1 -> apiVersion = meta.readString();
                case 2 -> kind = meta.readString();
                default -> meta.skipField(inner);
              }
            }
          }
          case 2 -> message = in.readByteArray();
          default -> in.skipField(tag);
        }
      }
      return new Envelope(apiVersion, kind, message);
    }
  }
}
