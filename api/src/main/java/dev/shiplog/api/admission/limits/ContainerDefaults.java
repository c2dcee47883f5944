package dev.shiplog.api.admission.limits;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gives containers the requests and limits they do not state, and tells so in an annotation. */
final class ContainerDefaults {

  private static final String ANNOTATION = "kubernetes.io/limit-ranger";

  private ContainerDefaults() {}

  static void apply(ObjectNode pod, ObjectNode limit) {
    List<String> told = new ArrayList<>();
    fill(pod, "containers", "container", limit, told);
    fill(pod, "initContainers", "init container", limit, told);
    if (!told.isEmpty()) {
      ObjectNode annotations = Trees.child(Trees.child(pod, "metadata"), "annotations");
      String before = Trees.text(annotations, ANNOTATION);
      annotations.put(
          ANNOTATION,
          (before.isEmpty() ? "LimitRanger plugin set: " : before + "; ")
              + String.join("; ", told));
    }
  }

  private static void fill(
      ObjectNode pod, String list, String what, ObjectNode limit, List<String> told) {
    for (ObjectNode container : Trees.objects(pod, "spec", list)) {
      ObjectNode resources = Trees.child(container, "resources");
      String name = Trees.text(container, "name");
      fill(resources, "requests", limit.path("defaultRequest"), " request for " + what, name, told);
      fill(resources, "limits", limit.path("default"), " limit for " + what, name, told);
    }
  }

  private static void fill(
      ObjectNode resources,
      String part,
      JsonNode defaults,
      String what,
      String container,
      List<String> told) {
    List<String> set = new ArrayList<>();
    for (Map.Entry<String, JsonNode> amount : defaults.properties()) {
      ObjectNode amounts = Trees.child(resources, part);
      if (!amounts.has(amount.getKey())) {
        amounts.set(amount.getKey(), amount.getValue());
        set.add(amount.getKey());
      }
    }
    if (!set.isEmpty()) {
      told.add(String.join(", ", set) + what + " " + container);
    }
  }
}
