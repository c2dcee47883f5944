package dev.shiplog.api.admission.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.schema.Trees;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a node may say of itself: neither labels by which others keep workloads on trusted nodes,
 * nor its taints, which keep workloads away.
 */
final class NodeChanges {

  private static final String RESTRICTED = "node-restriction.kubernetes.io";
  private static final Set<String> LABELS =
      Set.of(
          "kubernetes.io/hostname",
          "kubernetes.io/arch",
          "kubernetes.io/os",
          "beta.kubernetes.io/arch",
          "beta.kubernetes.io/os",
          "beta.kubernetes.io/instance-type",
          "node.kubernetes.io/instance-type",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region",
          "topology.kubernetes.io/zone",
          "topology.kubernetes.io/region");
  private static final List<String> NAMESPACES =
      List.of("kubelet.kubernetes.io", "node.kubernetes.io");

  private NodeChanges() {}

  static void check(AdmissionRequest request, String node) {
    if (!request.target().name().equals(node)) {
      throw request
          .target()
          .forbidden(
              "node \"%s\" is not allowed to modify node \"%s\""
                  .formatted(node, request.target().name()));
    }
    if (request.operation() == Operation.DELETE) {
      return;
    }
    ObjectNode before = request.before();
    ObjectNode after = request.object();
    refuse(request, node, changed(before, after));
    if (before != null && !same(before, after, "spec", "taints")) {
      throw request
          .target()
          .forbidden("node \"%s\" is not allowed to modify taints".formatted(node));
    }
    if (!same(before, after, "metadata", "ownerReferences")) {
      throw request
          .target()
          .forbidden("node \"%s\" is not allowed to modify ownerReferences".formatted(node));
    }
  }

  private static void refuse(AdmissionRequest request, String node, Set<String> labels) {
    Set<String> refused = new TreeSet<>();
    labels.stream().filter(NodeChanges::isForbidden).forEach(refused::add);
    if (!refused.isEmpty()) {
      throw request
          .target()
          .forbidden(
              "is not allowed to modify labels: %s (node \"%s\")"
                  .formatted(String.join(", ", refused), node));
    }
  }

  private static boolean isForbidden(String label) {
    int slash = label.indexOf('/');
    String namespace = slash < 0 ? "" : label.substring(0, slash);
    if (is(namespace, RESTRICTED)) {
      return true;
    }
    boolean system = is(namespace, "kubernetes.io") || is(namespace, "k8s.io");
    return system
        && !LABELS.contains(label)
        && NAMESPACES.stream().noneMatch(own -> is(namespace, own));
  }

  private static boolean is(String namespace, String domain) {
    return namespace.equals(domain) || namespace.endsWith("." + domain);
  }

  private static Set<String> changed(ObjectNode before, ObjectNode after) {
    Map<String, String> old = before == null ? Map.of() : Trees.map(before, "metadata", "labels");
    Map<String, String> now = Trees.map(after, "metadata", "labels");
    Set<String> changed = new TreeSet<>();
    now.forEach((key, value) -> {
      if (!value.equals(old.get(key))) {
        changed.add(key);
      }
    });
    old.keySet().stream().filter(key -> !now.containsKey(key)).forEach(changed::add);
    return changed;
  }

  private static boolean same(ObjectNode before, ObjectNode after, String... path) {
    JsonNode old = before == null ? after.objectNode() : Trees.at(before, path);
    JsonNode now = Trees.at(after, path);
    return (old.isEmpty() && now.isEmpty()) || old.equals(now);
  }
}
