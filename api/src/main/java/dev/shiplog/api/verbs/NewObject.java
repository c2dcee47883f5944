package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import java.util.List;

/** The metadata of an object, as far as the system and not its creator says it. */
final class NewObject {

  private static final List<String> NOT_THE_CREATORS =
      List.of(
          "selfLink",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation",
          "resourceVersion");

  private NewObject() {}

  /** Whether the server is to find a name for it. */
  static boolean wantsName(JsonNode object) {
    return Meta.name(object).isEmpty() && !Meta.text(object, "generateName").isEmpty();
  }

  /** Gives the object what every new one has. */
  static void begin(ObjectNode object, Target target, boolean counted, Identities identities) {
    checkNamespace(object, target);
    String version = Meta.resourceVersion(object);
    if (!version.isEmpty() && !version.equals("0")) {
      throw Failures.badRequest("resourceVersion should not be set on objects to be created");
    }
    ObjectNode metadata = Meta.of(object);
    metadata.remove(NOT_THE_CREATORS);
    if (wantsName(object)) {
      metadata.put("name", identities.nameFrom(Meta.text(object, "generateName")));
    }
    requireName(object, target);
    metadata.put("uid", identities.uid());
    metadata.put("creationTimestamp", identities.now());
    if (counted) {
      metadata.put("generation", 1);
    }
  }

  private static void requireName(ObjectNode object, Target target) {
    if (Meta.name(object).isEmpty()) {
      throw Failures.invalid(
          target.type().group(),
          target.type().kind(),
          "",
          List.of(
              new StatusCause(
                  "FieldValueRequired",
                  "Required value: name or generateName is required",
                  "metadata.name")));
    }
  }

  /** The namespace of the path counts; one in the body may only repeat it. */
  static void checkNamespace(ObjectNode object, Target target) {
    ObjectNode metadata = Meta.of(object);
    if (!target.type().namespaced()) {
      metadata.remove("namespace");
      return;
    }
    String sent = Meta.namespace(object);
    if (sent.isEmpty()) {
      metadata.put("namespace", target.namespace());
    } else if (!sent.equals(target.namespace())) {
      throw Failures.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
  }
}
