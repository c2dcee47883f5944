package dev.shiplog.api.admission.matching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.conversion.Conversion;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.topics.record.Json;

/** A request's objects in the version in which a webhook or policy asks for them. */
public final class Shown {

  private Shown() {}

  /** The object; null for a deletion. */
  public static ObjectNode object(AdmissionRequest request, ResourceType type) {
    return in(request, type, request.object());
  }

  /** The object as it was; null for a creation. */
  public static ObjectNode before(AdmissionRequest request, ResourceType type) {
    return in(request, type, request.before());
  }

  private static ObjectNode in(AdmissionRequest request, ResourceType type, ObjectNode object) {
    if (object == null) {
      return null;
    }
    // What is sent to a subresource that is created is no object of the resource.
    boolean stored = request.before() != null || request.target().subresource().isEmpty();
    return stored ? Conversion.toServed(type, object.deepCopy()) : object.deepCopy();
  }

  /** The options of the request, as far as they are known here. */
  public static ObjectNode options(AdmissionRequest request) {
    String kind =
        switch (request.operation()) {
          case CREATE -> "CreateOptions";
          case UPDATE -> "UpdateOptions";
          case DELETE -> "DeleteOptions";
          case CONNECT -> "";
        };
    ObjectNode options = Json.MAPPER.createObjectNode();
    if (!kind.isEmpty()) {
      options.put("apiVersion", "meta.k8s.io/v1").put("kind", kind);
      if (request.dryRun()) {
        options.putArray("dryRun").add("All");
      }
    }
    return options;
  }

  /** What is asked, as reviews and expressions tell it, without the objects. */
  public static ObjectNode request(AdmissionRequest request, ResourceType type) {
    ResourceType asked = request.target().type();
    ObjectNode told = Json.MAPPER.createObjectNode();
    told.set("kind", kind(request, type));
    told.set("resource", resource(type));
    told.set("requestKind", kind(request, asked));
    told.set("requestResource", resource(asked));
    if (!request.target().subresource().isEmpty()) {
      told.put("subResource", request.target().subresource());
      told.put("requestSubResource", request.target().subresource());
    }
    told.put("name", request.target().name());
    if (asked.namespaced()) {
      told.put("namespace", request.target().namespace());
    } else if (asked.qualifiedName().equals("namespaces")) {
      told.put("namespace", request.target().name());
    }
    told.put("operation", request.operation().name());
    told.set("userInfo", user(request));
    told.put("dryRun", request.dryRun());
    told.set("options", options(request));
    return told;
  }

  private static ObjectNode user(AdmissionRequest request) {
    var user = request.caller().user();
    ObjectNode told = Json.MAPPER.createObjectNode().put("username", user.username());
    if (!user.uid().isEmpty()) {
      told.put("uid", user.uid());
    }
    told.set("groups", Json.MAPPER.valueToTree(user.groups()));
    if (!user.extra().isEmpty()) {
      told.set("extra", Json.MAPPER.valueToTree(user.extra()));
    }
    return told;
  }

  private static ObjectNode kind(AdmissionRequest request, ResourceType type) {
    var subresource = type.subresources().get(request.target().subresource());
    ObjectNode told = Json.MAPPER.createObjectNode();
    boolean own = subresource == null || request.before() != null;
    return told.put("group", own ? type.group() : subresource.groupVersion().group())
        .put("version", own ? type.version() : subresource.groupVersion().version())
        .put("kind", own ? type.kind() : subresource.kind());
  }

  private static ObjectNode resource(ResourceType type) {
    return Json.MAPPER
        .createObjectNode()
        .put("group", type.group())
        .put("version", type.version())
        .put("resource", type.plural());
  }
}
