package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.QosClasses;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What may change of a running pod through its subresources {@code resize} and others. */
final class PodPartRules {

  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final Set<String> RESIZABLE = Set.of("cpu", "memory");
  private static final String MIRROR = "kubernetes.io/config.mirror";

  private PodPartRules() {}

  /**
   * Containers may get more or less of processor and memory, and stay in their class of service.
   */
  static void resized(ObjectNode pod, ObjectNode old, Causes causes) {
    if (at(old, "metadata", "annotations").has(MIRROR)) {
      causes.forbidden(FieldPath.of("metadata"), "static pods are not resizable");
    }
    for (String list : List.of("containers", "initContainers")) {
      List<ObjectNode> before = objects(old.path("spec"), list);
      int i = 0;
      for (ObjectNode container : objects(pod.path("spec"), list)) {
        ObjectNode was = before.get(i);
        FieldPath path = SPEC.child(list).index(i++);
        if (!container.path("resources").equals(was.path("resources"))) {
          resized(list, container, was, path, causes);
        }
      }
    }
    String qos = QosClasses.of(pod);
    if (!qos.equals(QosClasses.of(old))) {
      causes.invalid(
          SPEC, pod.textNode(qos), "Pod QOS Class may not change as a result of resizing");
    }
  }

  private static void resized(
      String list, ObjectNode container, ObjectNode was, FieldPath path, Causes causes) {
    boolean sidecar = was.path("restartPolicy").asText().equals("Always");
    if (list.equals("initContainers") && !sidecar) {
      causes.forbidden(path, "resources for non-sidecar init containers are immutable");
    }
    for (String kind : List.of("limits", "requests")) {
      FieldPath where = path.child("resources", kind);
      JsonNode now = at(container, "resources", kind);
      JsonNode then = at(was, "resources", kind);
      for (Map.Entry<String, JsonNode> quantity : then.properties()) {
        if (!now.has(quantity.getKey())) {
          causes.forbidden(where, "resource " + kind + " cannot be removed");
        }
      }
      for (Map.Entry<String, JsonNode> quantity : now.properties()) {
        boolean changed = !quantity.getValue().equals(then.get(quantity.getKey()));
        if (changed && !RESIZABLE.contains(quantity.getKey())) {
          causes.forbidden(where, "only cpu and memory resources are mutable");
        }
      }
    }
  }

  /** Somebody who looks at a pod may add containers; those that are there stay as they are. */
  static void debugged(ObjectNode pod, ObjectNode old, Causes causes) {
    List<ObjectNode> now = objects(pod.path("spec"), "ephemeralContainers");
    for (ObjectNode before : objects(old.path("spec"), "ephemeralContainers")) {
      boolean same =
          now.stream()
              .filter(each -> each.path("name").equals(before.path("name")))
              .anyMatch(before::equals);
      if (!same) {
        causes.forbidden(
            SPEC.child("ephemeralContainers"),
            "existing ephemeral containers \""
                + before.path("name").asText()
                + "\" may not be removed or changed");
      }
    }
  }
}
