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
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A body in protobuf: the bytes {@code k8s\0}, then an envelope (runtime.Unknown) that names
 * apiVersion and kind and holds the object's message. Any thread.
 */
public final class ProtobufBody {

  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final String META_V1 = "io.k8s.apimachinery.pkg.apis.meta.v1.";

  private final Supplier<ResourceCatalogue> resources;
  private final TypeCatalogue types;
  private final Messages messages;

  public ProtobufBody(Supplier<ResourceCatalogue> resources, TypeCatalogue types) {
    this.resources = resources;
    this.types = types;
    this.messages = new Messages(types);
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
      messages.read(typeName(envelope), CodedInputStream.newInstance(envelope.message()), object);
      return Json.bytes(object);
    } catch (IOException e) {
      throw Failures.badRequest("the body is no valid protobuf: " + e.getMessage());
    }
  }

  private String typeName(Envelope envelope) {
    String name =
        resources
            .get()
            .findByKind(envelope.apiVersion(), envelope.kind())
            .map(ResourceType::typeName)
            .orElseGet(() -> otherKind(envelope));
    return types
        .find(name)
        .orElseThrow(() ->
            Failures.badRequest(
                "no kind \"%s\" is registered for version \"%s\""
                    .formatted(envelope.kind(), envelope.apiVersion())))
        .name();
  }

  /** Kinds that are no resource, such as Scale or Eviction, lie beside those that are. */
  private String otherKind(Envelope envelope) {
    String meta = META_V1 + envelope.kind();
    if (types.find(meta).isPresent()) {
      return meta;
    }
    return resources.get().in(GroupVersion.parse(envelope.apiVersion())).stream()
        .findFirst()
        .map(type -> type.typeName().substring(0, type.typeName().lastIndexOf('.') + 1))
        .map(prefix -> prefix + envelope.kind())
        .orElse(envelope.kind());
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
