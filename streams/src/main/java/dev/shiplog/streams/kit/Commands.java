package dev.shiplog.streams.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Command.Precondition;
import dev.shiplog.topics.record.Command.Target;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/**
 * The commands that controllers ask for. All that change an existing object are about the very
 * object that was seen: its uid is a precondition, so one made anew under its name is left alone.
 */
public final class Commands {

  private Commands() {}

  /** Creates an object; it names itself and its namespace. */
  public static CommandRequest create(ResourceType<?> type, HasMetadata object) {
    object.setApiVersion(type.apiVersion());
    ObjectNode body = KubernetesJson.tree(object);
    body.put("kind", type.kind());
    return request(Verb.CREATE, type, "", object, null, null, body);
  }

  /** Replaces an object, unless it has changed since it was seen. */
  public static CommandRequest update(ResourceType<?> type, HasMetadata object) {
    return request(
        Verb.UPDATE, type, "", object, asSeen(object), null, KubernetesJson.tree(object));
  }

  /** Merges into an object whatever else has changed in it. */
  public static CommandRequest patch(ResourceType<?> type, HasMetadata seen, JsonNode patch) {
    return request(Verb.PATCH, type, "", seen, sameUid(seen), MergePatch.MEDIA_TYPE, patch);
  }

  /** Merges into an object, unless it has changed since it was seen. */
  public static CommandRequest patchAsSeen(ResourceType<?> type, HasMetadata seen, JsonNode patch) {
    return request(Verb.PATCH, type, "", seen, asSeen(seen), MergePatch.MEDIA_TYPE, patch);
  }

  /**
   * Makes the difference between an object as seen and as wanted, outside its status; empty if
   * there is none. Refused if it has changed meanwhile.
   */
  public static <T extends HasMetadata> Optional<CommandRequest> change(
      ResourceType<T> type, T seen, T wanted) {
    ObjectNode patch = difference(seen, wanted);
    patch.remove("status");
    return patch.isEmpty() ? Optional.empty() : Optional.of(patchAsSeen(type, seen, patch));
  }

  /**
   * Makes the difference between the status as seen and as wanted, whatever else has changed in the
   * object; empty if there is none. For a status that nobody else writes.
   */
  public static <T extends HasMetadata> Optional<CommandRequest> changeStatus(
      ResourceType<T> type, T seen, T wanted) {
    return changeStatus(type, seen, wanted, sameUid(seen));
  }

  /** The same for a status with several writers: refused if the object has changed meanwhile. */
  public static <T extends HasMetadata> Optional<CommandRequest> changeStatusAsSeen(
      ResourceType<T> type, T seen, T wanted) {
    return changeStatus(type, seen, wanted, asSeen(seen));
  }

  private static <T extends HasMetadata> Optional<CommandRequest> changeStatus(
      ResourceType<T> type, T seen, T wanted, Precondition precondition) {
    JsonNode status = difference(seen, wanted).get("status");
    if (status == null || (status.isObject() && status.isEmpty())) {
      return Optional.empty();
    }
    ObjectNode patch = KubernetesJson.object();
    patch.set("status", status);
    return Optional.of(
        request(Verb.PATCH, type, "status", seen, precondition, MergePatch.MEDIA_TYPE, patch));
  }

  /** Deletes an object with its dependents left to the garbage collector. */
  public static CommandRequest delete(ResourceType<?> type, HasMetadata seen) {
    return request(
        Verb.DELETE, type, "", seen, sameUid(seen), null, deleteOptions("Background", null));
  }

  /** Deletes an object at once, without a grace period. */
  public static CommandRequest deleteNow(ResourceType<?> type, HasMetadata seen) {
    return request(
        Verb.DELETE, type, "", seen, sameUid(seen), null, deleteOptions("Background", 0L));
  }

  /**
   * Deletes an object.
   *
   * @param propagationPolicy Background, Foreground or Orphan; null for the resource's default
   */
  public static CommandRequest delete(
      ResourceType<?> type, HasMetadata seen, Precondition precondition, String propagationPolicy) {
    return request(
        Verb.DELETE, type, "", seen, precondition, null, deleteOptions(propagationPolicy, null));
  }

  /** Any verb on a subresource of an object as seen. */
  public static CommandRequest onSubresource(
      Verb verb, ResourceType<?> type, String subresource, HasMetadata seen, JsonNode body) {
    return request(verb, type, subresource, seen, asSeen(seen), null, body);
  }

  /** Merges into a subresource (status, for one) whatever else has changed in the object. */
  public static CommandRequest patchSubresource(
      ResourceType<?> type, String subresource, HasMetadata seen, JsonNode patch) {
    return request(
        Verb.PATCH, type, subresource, seen, sameUid(seen), MergePatch.MEDIA_TYPE, patch);
  }

  /** Binds a pod to a node. */
  public static CommandRequest bind(Pod pod, String node) {
    ObjectNode body = KubernetesJson.object();
    body.put("apiVersion", "v1").put("kind", "Binding");
    body.putObject("metadata")
        .put("name", pod.getMetadata().getName())
        .put("namespace", pod.getMetadata().getNamespace())
        .put("uid", pod.getMetadata().getUid());
    body.putObject("target").put("apiVersion", "v1").put("kind", "Node").put("name", node);
    return request(Verb.CREATE, ResourceTypes.PODS, "binding", pod, sameUid(pod), null, body);
  }

  /** Only the object with this uid; no precondition if it is not known. */
  public static Precondition sameUid(HasMetadata seen) {
    String uid = seen.getMetadata().getUid();
    return uid == null ? null : new Precondition(uid, null);
  }

  /** Only the object with this uid at this revision. */
  public static Precondition asSeen(HasMetadata seen) {
    return new Precondition(seen.getMetadata().getUid(), seen.getMetadata().getResourceVersion());
  }

  private static ObjectNode difference(HasMetadata seen, HasMetadata wanted) {
    return MergePatch.between(KubernetesJson.tree(seen), KubernetesJson.tree(wanted));
  }

  private static ObjectNode deleteOptions(String propagationPolicy, Long gracePeriodSeconds) {
    ObjectNode options = KubernetesJson.object();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    if (propagationPolicy != null) {
      options.put("propagationPolicy", propagationPolicy);
    }
    if (gracePeriodSeconds != null) {
      options.put("gracePeriodSeconds", gracePeriodSeconds);
    }
    return options;
  }

  private static CommandRequest request(
      Verb verb,
      ResourceType<?> type,
      String subresource,
      HasMetadata object,
      Precondition precondition,
      String patchType,
      JsonNode body) {
    String namespace = object.getMetadata().getNamespace();
    Target target =
        new Target(
            type.resource().group(),
            type.version(),
            type.resource().plural(),
            subresource,
            namespace == null ? "" : namespace,
            object.getMetadata().getName());
    return new CommandRequest(verb, type, target, precondition, patchType, body);
  }
}
