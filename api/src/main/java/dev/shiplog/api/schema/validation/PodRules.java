package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Pods themselves and the templates of pods; what both are made of is in {@link PodSpecRules}. */
final class PodRules {

  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath TEMPLATE = FieldPath.of("template");

  private static final String WHAT_MAY_CHANGE =
      "pod updates may not change fields other than `spec.containers[*].image`,"
          + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only"
          + " additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to"
          + " be set to 1 if it was previously negative)";

  private PodRules() {}

  static void register(KindTable table) {
    table.kind(
        "core.v1.Pod",
        rules ->
            rules
                .always((pod, causes) -> PodSpecRules.validate(at(pod, "spec"), SPEC, causes))
                .onCreate(PodRules::created)
                .onUpdate(PodRules::changed)
                .onPart("resize", PodPartRules::resized)
                .onPart("ephemeralcontainers", PodPartRules::debugged));
    table.kind(
        "core.v1.PodTemplate",
        rules -> rules.always((o, causes) -> template(at(o, "template"), TEMPLATE, causes)));
  }

  /** A template at the path, whatever kind it is a part of. */
  static void template(JsonNode template, FieldPath path, Causes causes) {
    Checks.labels(at(template, "metadata", "labels"), path.child("metadata", "labels"), causes);
    PodSpecRules.validate(at(template, "spec"), path.child("spec"), causes);
    if (!empty(template, "spec", "ephemeralContainers")) {
      causes.forbidden(
          path.child("spec", "ephemeralContainers"),
          "ephemeral containers not allowed in pod template");
    }
  }

  private static void created(ObjectNode pod, Causes causes) {
    if (!empty(pod, "spec", "ephemeralContainers")) {
      causes.forbidden(SPEC.child("ephemeralContainers"), "cannot be set on create");
    }
    if (!empty(pod, "spec", "schedulingGates") && !empty(pod, "spec", "nodeName")) {
      causes.forbidden(
          SPEC.child("nodeName"), "cannot be set until all schedulingGates have been cleared");
    }
  }

  /** A pod runs what it was made of: all but a few fields stay. */
  private static void changed(ObjectNode pod, ObjectNode old, Causes causes) {
    if (!(pod.get("spec") instanceof ObjectNode spec)
        || !(old.get("spec") instanceof ObjectNode before)) {
      return;
    }
    if (countChanged(spec, before, causes)) {
      return;
    }
    deadline(spec, before, causes);
    tolerations(spec, before, causes);
    if (!changeable(spec, before).equals(before)) {
      causes.forbidden(SPEC, WHAT_MAY_CHANGE);
    }
  }

  private static boolean countChanged(ObjectNode spec, ObjectNode before, Causes causes) {
    boolean changed = false;
    for (String list : List.of("containers", "initContainers")) {
      if (at(spec, list).size() != at(before, list).size()) {
        causes.forbidden(SPEC.child(list), "pod updates may not add or remove containers");
        changed = true;
      }
    }
    return changed;
  }

  private static void deadline(ObjectNode spec, ObjectNode before, Causes causes) {
    JsonNode now = at(spec, "activeDeadlineSeconds");
    JsonNode then = at(before, "activeDeadlineSeconds");
    FieldPath path = SPEC.child("activeDeadlineSeconds");
    if (then.isNumber() && now.longValue() > then.longValue()) {
      causes.invalid(path, now, "must be less than or equal to previous value");
    } else if (then.isNumber() && now.isMissingNode()) {
      causes.invalid(path, now, "must not update from a positive integer to nil value");
    }
  }

  private static void tolerations(ObjectNode spec, ObjectNode before, Causes causes) {
    List<ObjectNode> now = objects(spec, "tolerations");
    for (ObjectNode toleration : objects(before, "tolerations")) {
      if (now.stream().noneMatch(t -> sameButSeconds(t, toleration))) {
        causes.forbidden(
            SPEC.child("tolerations"),
            "existing toleration can not be modified except its tolerationSeconds");
      }
    }
  }

  private static boolean sameButSeconds(ObjectNode one, ObjectNode other) {
    ObjectNode a = one.deepCopy();
    ObjectNode b = other.deepCopy();
    a.remove("tolerationSeconds");
    b.remove("tolerationSeconds");
    return a.equals(b);
  }

  /** The new spec with every field that may change as it was before. */
  private static ObjectNode changeable(ObjectNode spec, ObjectNode before) {
    ObjectNode copy = spec.deepCopy();
    keep(copy, before, "activeDeadlineSeconds");
    keep(copy, before, "tolerations");
    if (before.path("terminationGracePeriodSeconds").longValue() < 0
        && copy.path("terminationGracePeriodSeconds").longValue() == 1) {
      keep(copy, before, "terminationGracePeriodSeconds");
    }
    for (String list : List.of("containers", "initContainers")) {
      List<ObjectNode> containers = objects(before, list);
      int i = 0;
      for (ObjectNode container : objects(copy, list)) {
        keep(container, containers.get(i++), "image");
      }
    }
    if (!empty(before, "schedulingGates")) {
      gated(copy, before);
    }
    return copy;
  }

  /** A pod that waits at its gates may lose gates and be narrowed to fewer nodes. */
  private static void gated(ObjectNode copy, ObjectNode before) {
    List<ObjectNode> gates = objects(before, "schedulingGates");
    if (gates.containsAll(objects(copy, "schedulingGates"))) {
      keep(copy, before, "schedulingGates");
    }
    if (at(copy, "nodeSelector")
        .properties()
        .containsAll(at(before, "nodeSelector").properties())) {
      keep(copy, before, "nodeSelector");
    }
    if (absent(before, "affinity")) {
      keep(copy, before, "affinity");
    }
  }

  private static void keep(ObjectNode copy, ObjectNode before, String field) {
    if (before.has(field)) {
      copy.set(field, before.get(field));
    } else {
      copy.remove(field);
    }
  }

  static String restartPolicy(JsonNode template) {
    return text(template, "spec", "restartPolicy");
  }
}
