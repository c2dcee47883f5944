package dev.shiplog.api.transactions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What of an object a rewind brings back. It is about what people and their tools want of the
 * cluster: what controllers and nodes make of that, they make again. Pure; see {@code
 * docs/time-travel.md}.
 */
final class RewindRules {

  /** What says what happened, or who is alive, and is wanted by nobody. */
  private static final Set<String> REPORTS = Set.of("events", "leases.coordination.k8s.io");

  private static final String SLICE_MANAGER = "endpointslice.kubernetes.io/managed-by";

  /** What the Deployment controller counts. */
  private static final String ROLLOUT = "deployment.kubernetes.io/revision";

  private static final String MIRROR = "kubernetes.io/config.mirror";

  /** How the binding of a claim is noted on it. */
  private static final List<String> BINDING =
      List.of(
          "pv.kubernetes.io/bind-completed",
          "pv.kubernetes.io/bound-by-controller",
          "volume.kubernetes.io/selected-node");

  /** Labels of a Job's pods that the system chose. */
  private static final List<String> JOB_LABELS =
      List.of(
          "controller-uid",
          "job-name",
          "batch.kubernetes.io/controller-uid",
          "batch.kubernetes.io/job-name");

  private static final List<String> GIVEN_BY_SYSTEM =
      List.of("uid", "resourceVersion", "generation", "creationTimestamp", "selfLink");

  /** Finalizers that say how a deletion goes on, and not that somebody wants to be asked. */
  private static final Set<String> OF_DELETION = Set.of("foregroundDeletion", "orphan");

  private RewindRules() {}

  /** Whether an object is the doing of the system, so that it follows from what is brought back. */
  static boolean isDerived(StorageResource resource, JsonNode object, Predicate<String> served) {
    if (isReport(resource) || isControlled(object)) {
      return true;
    }
    return switch (resource.qualifiedName()) {
      case "endpoints" -> served.test(Meta.name(object));
      case "endpointslices.discovery.k8s.io" ->
          object
              .at("/metadata/labels")
              .path(SLICE_MANAGER)
              .asText("")
              .endsWith("controller.k8s.io");
      case "configmaps" -> Meta.name(object).equals("kube-root-ca.crt");
      case "serviceaccounts" -> Meta.name(object).equals("default");
      case "pods" -> object.at("/metadata/annotations").has(MIRROR);
      default -> false;
    };
  }

  static boolean isReport(StorageResource resource) {
    return REPORTS.contains(resource.qualifiedName());
  }

  private static boolean isControlled(JsonNode object) {
    for (JsonNode owner : object.at("/metadata/ownerReferences")) {
      if (owner.path("controller").asBoolean()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Why an object that a rewind would bring back stays away, if it does.
   *
   * @param then as it was
   * @param now as it is; null if it is gone
   */
  static Optional<String> leaves(StorageResource resource, JsonNode then, JsonNode now) {
    boolean runs =
        resource.qualifiedName().equals("pods") || resource.qualifiedName().equals("jobs.batch");
    if (runs && now != null && !Meta.uid(then).equals(Meta.uid(now))) {
      return Optional.of(
          "another object of this name has taken its place; delete that one first to have it back");
    }
    if (runs && now == null && hasEnded(then)) {
      return Optional.of("it had ended by then; it is not run again");
    }
    return Optional.empty();
  }

  private static boolean hasEnded(JsonNode object) {
    String phase = object.at("/status/phase").asText("");
    boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
    for (JsonNode condition : object.at("/status/conditions")) {
      String type = condition.path("type").asText("");
      ended |=
          (type.equals("Complete") || type.equals("Failed"))
              && condition.path("status").asText("").equals("True");
    }
    return ended;
  }

  /**
   * The object to be made again.
   *
   * @param then as it was; changed in place
   * @param alive whether an owner of it is still there
   */
  static ObjectNode recreated(
      StorageResource resource, ObjectNode then, Predicate<JsonNode> alive) {
    ObjectNode object = wanted(then, alive);
    Meta.of(object).remove(GIVEN_BY_SYSTEM);
    switch (resource.qualifiedName()) {
      case "pods" -> object.withObject("/spec").remove("nodeName");
      case "persistentvolumeclaims" -> unbind(object);
      case "jobs.batch" -> unselect(object);
      default -> {}
    }
    return object;
  }

  /**
   * What the object is to become.
   *
   * @param then as it was; changed in place
   * @param now as it is
   */
  static ObjectNode changed(
      StorageResource resource, ObjectNode then, ObjectNode now, Predicate<JsonNode> alive) {
    ObjectNode object = wanted(then, alive);
    Meta.of(object).remove(GIVEN_BY_SYSTEM);
    Meta.of(object).put("uid", Meta.uid(now));
    switch (resource.qualifiedName()) {
      case "pods" -> keepPlaced(object, now);
      case "persistentvolumeclaims" -> keepBound(object, now);
      case "deployments.apps" -> keepAnnotations(object, now, List.of(ROLLOUT));
      default -> {}
    }
    return object;
  }

  private static ObjectNode wanted(ObjectNode then, Predicate<JsonNode> alive) {
    then.remove("status");
    ObjectNode metadata = Meta.of(then);
    metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds"));
    List<String> finalizers =
        Meta.finalizers(then).stream().filter(name -> !OF_DELETION.contains(name)).toList();
    Meta.setFinalizers(then, finalizers);
    if (metadata.get("ownerReferences") instanceof ArrayNode owners) {
      owners.removeIf(owner -> !alive.test(owner));
      if (owners.isEmpty()) {
        metadata.remove("ownerReferences");
      }
    }
    return then;
  }

  /** Of a pod that runs only this can be changed, so only this is brought back. */
  private static void keepPlaced(ObjectNode object, ObjectNode now) {
    ObjectNode spec = ((ObjectNode) now.path("spec")).deepCopy();
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode container : spec.path(list)) {
        for (JsonNode before : object.path("spec").path(list)) {
          if (before.path("name").equals(container.path("name")) && before.has("image")) {
            ((ObjectNode) container).set("image", before.get("image"));
          }
        }
      }
    }
    object.set("spec", spec);
  }

  private static void keepBound(ObjectNode claim, ObjectNode now) {
    Meta.copyField((ObjectNode) now.path("spec"), claim.withObject("/spec"), "volumeName");
    keepAnnotations(claim, now, BINDING);
  }

  private static void keepAnnotations(ObjectNode object, ObjectNode now, List<String> names) {
    ObjectNode annotations = Meta.of(object).withObject("/annotations");
    for (String name : names) {
      JsonNode value = now.at("/metadata/annotations").get(name);
      if (value == null) {
        annotations.remove(name);
      } else {
        annotations.set(name, value);
      }
    }
  }

  private static void unbind(ObjectNode claim) {
    claim.withObject("/spec").remove("volumeName");
    Meta.of(claim).withObject("/annotations").remove(BINDING);
  }

  private static void unselect(ObjectNode job) {
    ObjectNode spec = job.withObject("/spec");
    if (!spec.path("manualSelector").asBoolean()) {
      spec.remove("selector");
      spec.withObject("/template/metadata/labels").remove(JOB_LABELS);
    }
  }

  /** Whether both want the same, whatever the system says of them. */
  static boolean wantTheSame(ObjectNode one, ObjectNode other) {
    return essence(one).equals(essence(other));
  }

  /** What somebody wants of an object. */
  static ObjectNode essence(ObjectNode object) {
    ObjectNode essence = object.deepCopy();
    essence.remove("status");
    ObjectNode metadata = Meta.of(essence);
    metadata.remove(GIVEN_BY_SYSTEM);
    metadata.remove("managedFields");
    for (Map.Entry<String, JsonNode> field : List.copyOf(metadata.properties())) {
      if (field.getValue().isContainerNode() && field.getValue().isEmpty()) {
        metadata.remove(field.getKey());
      }
    }
    return essence;
  }
}
