package dev.shiplog.streams.kit.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.topics.record.Command.Precondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What an API server does to every object on its way in, as far as controllers can tell. */
final class ObjectRules {

  private ObjectRules() {}

  static ObjectNode created(JsonNode body, String uid, Instant now) {
    ObjectNode object = body.deepCopy();
    ObjectNode metadata = object.withObject("/metadata");
    metadata.put("uid", uid);
    metadata.put("creationTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
    metadata.put("generation", 1);
    if (object.path("kind").asText().equals("Namespace")) {
      object.withObject("/spec").withArray("/finalizers").removeAll().add("kubernetes");
      object.withObject("/status").put("phase", "Active");
    }
    return object;
  }

  /** What becomes of an object that is replaced outside its subresources. */
  static ObjectNode updated(ObjectNode before, JsonNode body) {
    ObjectNode after = body.deepCopy();
    keep(before, after, "status");
    ObjectNode metadata = after.withObject("/metadata");
    for (String field :
        new String[] {
          "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"
        }) {
      keep((ObjectNode) before.get("metadata"), metadata, field);
    }
    boolean sameSpec = before.path("spec").equals(after.path("spec"));
    long generation = before.at("/metadata/generation").asLong(1);
    metadata.put("generation", sameSpec ? generation : generation + 1);
    return after;
  }

  /** What becomes of an object whose status is replaced. */
  static ObjectNode withStatusOf(ObjectNode before, JsonNode body) {
    ObjectNode after = before.deepCopy();
    keep((ObjectNode) body, after, "status");
    return after;
  }

  /** What becomes of an object whose scale is replaced. */
  static ObjectNode withReplicasOf(ObjectNode before, JsonNode body) {
    ObjectNode after = before.deepCopy();
    after.withObject("/spec").set("replicas", body.at("/spec/replicas"));
    return updated(before, after);
  }

  /** What becomes of a namespace whose finalizers are replaced. */
  static ObjectNode withFinalizersOf(ObjectNode before, JsonNode body) {
    ObjectNode after = before.deepCopy();
    after.withObject("/spec").set("finalizers", body.at("/spec/finalizers"));
    return after;
  }

  private static void keep(ObjectNode from, ObjectNode to, String field) {
    if (from.has(field)) {
      to.set(field, from.get(field));
    } else {
      to.remove(field);
    }
  }

  static void check(Precondition precondition, ObjectNode object, String what) {
    if (precondition == null) {
      return;
    }
    JsonNode metadata = object.get("metadata");
    if (differs(precondition.uid(), metadata.path("uid"))
        || differs(precondition.resourceVersion(), metadata.path("resourceVersion"))) {
      throw Refusal.conflict(what);
    }
  }

  private static boolean differs(String wanted, JsonNode there) {
    return wanted != null && !wanted.equals(there.asText());
  }

  /** The object on its way out: marked, with the finalizer that the policy asks for. */
  static ObjectNode deleting(ObjectNode before, JsonNode options, Instant now) {
    ObjectNode after = before.deepCopy();
    ObjectNode metadata = after.withObject("/metadata");
    if (!metadata.has("deletionTimestamp")) {
      metadata.put("deletionTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
    if (options.has("gracePeriodSeconds")) {
      metadata.set("deletionGracePeriodSeconds", options.get("gracePeriodSeconds"));
    }
    switch (options.path("propagationPolicy").asText()) {
      case "Foreground" -> addFinalizer(metadata, "foregroundDeletion");
      case "Orphan" -> addFinalizer(metadata, "orphan");
      default -> {}
    }
    if (after.path("kind").asText().equals("Namespace")) {
      after.withObject("/status").put("phase", "Terminating");
    }
    return after;
  }

  private static void addFinalizer(ObjectNode metadata, String finalizer) {
    ArrayNode finalizers = metadata.withArray("/finalizers");
    for (JsonNode there : finalizers) {
      if (there.asText().equals(finalizer)) {
        return;
      }
    }
    finalizers.add(finalizer);
  }

  /**
   * Whether a marked object must stay: it has finalizers, or it is a pod on a node whose kubelet
   * has not confirmed its end.
   */
  static boolean mustStay(ObjectNode object) {
    boolean graceIsOver = object.at("/metadata/deletionGracePeriodSeconds").asLong(-1) == 0;
    JsonNode finalizers = object.at("/metadata/finalizers");
    JsonNode ofNamespace = object.at("/spec/finalizers");
    boolean podOnNode =
        object.path("kind").asText().equals("Pod")
            && !object.at("/spec/nodeName").asText().isEmpty();
    return finalizers.size() > 0 || ofNamespace.size() > 0 || (podOnNode && !graceIsOver);
  }

  static boolean isMarked(ObjectNode object) {
    return object.at("/metadata").has("deletionTimestamp");
  }

  static byte[] bytes(ObjectNode object) {
    return KubernetesJson.bytes(object);
  }
}
