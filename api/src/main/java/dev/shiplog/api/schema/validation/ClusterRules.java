package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Namespaces, nodes, leases, priorities: what a cluster is run with. */
final class ClusterRules {

  private static final FieldPath SPEC = FieldPath.of("spec");

  /** Priorities of what a cluster cannot do without; others may not call themselves so. */
  private static final Map<String, Long> SYSTEM_PRIORITIES =
      Map.of("system-cluster-critical", 2_000_000_000L, "system-node-critical", 2_000_001_000L);

  private ClusterRules() {}

  static void register(KindTable table) {
    table.kind(
        "core.v1.Namespace",
        rules -> rules.named(Names::label).always(ClusterRules::namespaceFinalizers));
    table.kind(
        "core.v1.Node",
        rules -> rules.always(ClusterRules::taints).onUpdate(ClusterRules::nodeStays));
    table.kind("coordination.v1.Lease", rules -> rules.always((o, c) -> lease(at(o, "spec"), c)));
    table.kind(
        "scheduling.v1.PriorityClass",
        rules -> rules.always(ClusterRules::priority).onUpdate(ClusterRules::priorityStays));
  }

  private static void namespaceFinalizers(ObjectNode namespace, Causes causes) {
    for (String finalizer : texts(namespace, "spec", "finalizers")) {
      Checks.name(SPEC.child("finalizers"), finalizer, Names::qualified, causes);
    }
  }

  private static void taints(ObjectNode node, Causes causes) {
    Set<String> seen = new HashSet<>();
    int i = 0;
    for (ObjectNode taint : objects(node, "spec", "taints")) {
      FieldPath path = SPEC.child("taints").index(i++);
      new Checks(taint, path, causes)
          .required("key")
          .name("key", Names::qualified)
          .name("value", Names::labelValue)
          .required("effect");
      if (!seen.add(text(taint, "key") + ":" + text(taint, "effect"))) {
        causes.duplicate(path, taint);
      }
    }
    List<String> ranges = texts(node, "spec", "podCIDRs");
    for (int j = 0; j < ranges.size(); j++) {
      Addresses.cidr(SPEC.child("podCIDRs").index(j), ranges.get(j), causes);
    }
    boolean oneOfEach =
        ranges.size() == 2 && ranges.get(0).contains(":") != ranges.get(1).contains(":");
    if (ranges.size() > 1 && !oneOfEach) {
      causes.invalid(
          SPEC.child("podCIDRs"),
          at(node, "spec", "podCIDRs"),
          "may specify no more than one CIDR for each IP family");
    }
  }

  private static void nodeStays(ObjectNode node, ObjectNode old, Causes causes) {
    for (String field : List.of("podCIDR", "podCIDRs", "providerID")) {
      JsonNode before = at(old, "spec", field);
      if (!before.isMissingNode() && !before.equals(at(node, "spec", field))) {
        causes.forbidden(
            SPEC.child(field), "node updates may not change " + field + " once it is set");
      }
    }
  }

  private static void lease(JsonNode node, Causes causes) {
    if (node instanceof ObjectNode spec) {
      new Checks(spec, SPEC, causes)
          .positive("leaseDurationSeconds")
          .nonNegative("leaseTransitions");
      JsonNode holder = at(spec, "holderIdentity");
      if (!holder.isMissingNode() && holder.asText().isEmpty()) {
        causes.invalid(SPEC.child("holderIdentity"), holder, "must not be empty");
      }
    }
  }

  private static void priority(ObjectNode priority, Causes causes) {
    long highest = 1_000_000_000;
    String name = text(priority, "metadata", "name");
    boolean system =
        SYSTEM_PRIORITIES.getOrDefault(name, -1L) == priority.path("value").longValue();
    if (name.startsWith("system-") && !system) {
      causes.forbidden(
          FieldPath.of("metadata", "name"),
          "priority class names with 'system-' prefix are reserved for system use only");
    }
    if (!system && priority.path("value").longValue() > highest) {
      causes.forbidden(
          FieldPath.of("value"), "maximum allowed value of a user defined priority is " + highest);
    }
  }

  private static void priorityStays(ObjectNode priority, ObjectNode old, Causes causes) {
    for (String field : List.of("value", "preemptionPolicy")) {
      if (!at(priority, field).equals(at(old, field))) {
        causes.forbidden(FieldPath.of(field), "may not be changed in an update.");
      }
    }
  }
}
