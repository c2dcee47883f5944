package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Namespaces, nodes, leases, events, quotas: what a cluster is run with. */
final class ClusterRules {

  private static final FieldPath SPEC = FieldPath.of("spec");

  private ClusterRules() {}

  static void register(KindTable table) {
    table.kind(
        "core.v1.Namespace",
        rules -> rules.named(Names::label).always(ClusterRules::namespaceFinalizers));
    table.kind(
        "core.v1.Node",
        rules -> rules.always(ClusterRules::taints).onUpdate(ClusterRules::nodeStays));
    table.kind("core.v1.Event", rules -> rules.always(ClusterRules::eventNamespace));
    table.kind("coordination.v1.Lease", rules -> rules.always((o, c) -> lease(at(o, "spec"), c)));
    table.kind("core.v1.ResourceQuota", rules -> rules.always(ClusterRules::quota));
    table.kind("core.v1.LimitRange", rules -> rules.always(ClusterRules::limitRange));
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

  private static void eventNamespace(ObjectNode event, Causes causes) {
    String own = text(event, "metadata", "namespace");
    String involved = text(event, "involvedObject", "namespace");
    boolean matches =
        involved.isEmpty() ? own.equals("default") || own.isEmpty() : own.equals(involved);
    if (!matches) {
      causes.invalid(
          FieldPath.of("involvedObject", "namespace"), involved, "does not match event.namespace");
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

  private static void quota(ObjectNode quota, Causes causes) {
    if (quota.get("spec") instanceof ObjectNode spec) {
      new Checks(spec, SPEC, causes).quantities("hard");
    }
  }

  private static void limitRange(ObjectNode range, Causes causes) {
    int i = 0;
    for (ObjectNode item : objects(range, "spec", "limits")) {
      FieldPath path = SPEC.child("limits").index(i++);
      for (String field : List.of("min", "max", "default", "defaultRequest")) {
        new Checks(item, path, causes).quantities(field);
      }
      ordered(item, "min", "max", path, causes);
      ordered(item, "min", "defaultRequest", path, causes);
      ordered(item, "defaultRequest", "default", path, causes);
      ordered(item, "default", "max", path, causes);
    }
  }

  private static void ordered(
      ObjectNode item, String less, String more, FieldPath path, Causes causes) {
    at(item, less)
        .properties()
        .forEach(e -> {
          JsonNode other = at(item, more, e.getKey());
          if (!other.isMissingNode()
              && Quantity.parse(e.getValue().asText()).compareTo(Quantity.parse(other.asText()))
                  > 0) {
            causes.invalid(
                path.child(less).key(e.getKey()),
                e.getValue(),
                "%s value %s is greater than %s value %s"
                    .formatted(less, e.getValue().asText(), more, other.asText()));
          }
        });
  }

  private static void priority(ObjectNode priority, Causes causes) {
    long highest = 1_000_000_000;
    boolean system = text(priority, "metadata", "name").startsWith("system-");
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
