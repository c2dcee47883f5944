package dev.shiplog.api.table;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.map;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Nodes, namespaces, configuration, and what a cluster is run with. */
final class ClusterCells {

  private static final String ROLE_PREFIX = "node-role.kubernetes.io/";
  private static final String ROLE_LABEL = "kubernetes.io/role";

  private ClusterCells() {}

  static void register(RowTable rows) {
    rows.core("nodes", node());
    rows.core("namespaces", List.of(Cells.name(), Cells.field("status", "phase"), Cells.age()));
    rows.core(
        "configmaps",
        List.of(
            Cells.name(),
            Cells.count(o -> at(o, "data").size() + at(o, "binaryData").size()).about("data"),
            Cells.age()));
    rows.core(
        "secrets", List.of(Cells.name(), Cells.field("type"), Cells.size("data"), Cells.age()));
    rows.core("serviceaccounts", List.of(Cells.name(), Cells.age()));
    rows.core("limitranges", List.of(Cells.name(), Cells.created()));
    rows.core(
        "resourcequotas",
        List.of(
            Cells.name(),
            Cells.age(),
            Cells.computed(o -> quota(o, name -> !name.startsWith("limits"))),
            Cells.computed(o -> quota(o, name -> name.startsWith("limits")))));
    rows.core(
        "componentstatuses",
        List.of(
            Cells.name(),
            Cells.computed(ClusterCells::health),
            Cells.computed(
                o -> Cells.joined(objects(o, "conditions"), c -> text(c, "message"), "")),
            Cells.computed(
                o -> Cells.joined(objects(o, "conditions"), c -> text(c, "error"), ""))));
    rows.of(
        "leases",
        "coordination.k8s.io",
        List.of(Cells.name(), Cells.field("spec", "holderIdentity"), Cells.age()));
    rows.of(
        "runtimeclasses",
        "node.k8s.io",
        List.of(Cells.name(), Cells.field("handler"), Cells.age()));
    rows.of(
        "priorityclasses",
        "scheduling.k8s.io",
        List.of(
            Cells.name(),
            Cells.number("value"),
            Cells.flag("globalDefault"),
            Cells.age(),
            Cells.field("preemptionPolicy")));
  }

  private static List<Cell> node() {
    return List.of(
        Cells.name(),
        Cells.computed(ClusterCells::nodeStatus),
        Cells.computed(ClusterCells::roles),
        Cells.age(),
        Cells.field("status", "nodeInfo", "kubeletVersion"),
        Cells.computed(o -> address(o, "InternalIP")).about("status", "addresses"),
        Cells.computed(o -> address(o, "ExternalIP")).about("status", "addresses"),
        Cells.fieldOr(Cells.UNKNOWN, "status", "nodeInfo", "osImage"),
        Cells.fieldOr(Cells.UNKNOWN, "status", "nodeInfo", "kernelVersion"),
        Cells.fieldOr(Cells.UNKNOWN, "status", "nodeInfo", "containerRuntimeVersion"));
  }

  private static String nodeStatus(ObjectNode node) {
    String status =
        switch (Cells.condition(node, "Ready")) {
          case "True" -> "Ready";
          case "" -> "Unknown";
          default -> "NotReady";
        };
    boolean closed = at(node, "spec", "unschedulable").booleanValue();
    return closed ? status + ",SchedulingDisabled" : status;
  }

  private static String roles(ObjectNode node) {
    Set<String> roles = new TreeSet<>();
    map(node, "metadata", "labels")
        .forEach((key, value) -> {
          if (key.startsWith(ROLE_PREFIX) && key.length() > ROLE_PREFIX.length()) {
            roles.add(key.substring(ROLE_PREFIX.length()));
          } else if (key.equals(ROLE_LABEL) && !value.isEmpty()) {
            roles.add(value);
          }
        });
    return Cells.or(String.join(",", roles), Cells.NONE);
  }

  private static String address(ObjectNode node, String type) {
    return objects(node, "status", "addresses").stream()
        .filter(a -> text(a, "type").equals(type))
        .map(a -> text(a, "address"))
        .findFirst()
        .orElse(Cells.NONE);
  }

  private static String quota(ObjectNode quota, Predicate<String> names) {
    List<String> parts = new ArrayList<>();
    for (String name : new TreeSet<>(map(quota, "status", "hard").keySet())) {
      if (names.test(name)) {
        String used = Cells.or(text(quota, "status", "used", name), "0");
        parts.add(name + ": " + used + "/" + text(quota, "status", "hard", name));
      }
    }
    return String.join(", ", parts);
  }

  private static String health(ObjectNode component) {
    return objects(component, "conditions").stream()
            .anyMatch(c -> text(c, "type").equals("Healthy") && text(c, "status").equals("True"))
        ? "Healthy"
        : "Unhealthy";
  }
}
