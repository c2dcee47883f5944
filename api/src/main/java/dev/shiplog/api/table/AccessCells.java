package dev.shiplog.api.table;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Roles, bindings, certificates, priorities of requests. */
final class AccessCells {

  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final String FLOW = "flowcontrol.apiserver.k8s.io";
  private static final String[] QUEUING = {"spec", "limited", "limitResponse", "queuing"};

  private AccessCells() {}

  static void register(RowTable rows) {
    rows.of("roles", RBAC, List.of(Cells.name(), Cells.created()));
    rows.of("clusterroles", RBAC, List.of(Cells.name(), Cells.created()));
    rows.of("rolebindings", RBAC, binding());
    rows.of("clusterrolebindings", RBAC, binding());
    rows.of(
        "certificatesigningrequests",
        "certificates.k8s.io",
        List.of(
            Cells.name(),
            Cells.age(),
            Cells.field("spec", "signerName"),
            Cells.field("spec", "username"),
            Cells.computed(AccessCells::requestedDuration).about("spec", "expirationSeconds"),
            Cells.computed(AccessCells::requestCondition).about("status", "conditions")));
    rows.of(
        "flowschemas",
        FLOW,
        List.of(
            Cells.name(),
            Cells.field("spec", "priorityLevelConfiguration", "name"),
            Cells.number("spec", "matchingPrecedence"),
            Cells.fieldOr(Cells.NONE, "spec", "distinguisherMethod", "type"),
            Cells.age(),
            Cells.computed(o -> Cells.or(Cells.condition(o, "Dangling"), "?"))));
    rows.of("prioritylevelconfigurations", FLOW, priorityLevel());
  }

  private static List<Cell> binding() {
    return List.of(
        Cells.name(),
        Cells.computed(o -> text(o, "roleRef", "kind") + "/" + text(o, "roleRef", "name"))
            .about("roleRef"),
        Cells.age(),
        Cells.computed(o -> subjects(o, "User")),
        Cells.computed(o -> subjects(o, "Group")),
        Cells.computed(o -> subjects(o, "ServiceAccount")));
  }

  private static List<Cell> priorityLevel() {
    return List.of(
        Cells.name(),
        Cells.field("spec", "type"),
        Cells.fieldOr(Cells.NONE, "spec", "limited", "nominalConcurrencyShares"),
        queuing("queues"),
        queuing("handSize"),
        queuing("queueLengthLimit"),
        Cells.age());
  }

  private static Cell queuing(String field) {
    return Cells.computed(o -> Cells.or(text(at(o, QUEUING), field), Cells.NONE));
  }

  private static String subjects(ObjectNode binding, String kind) {
    List<String> names = new ArrayList<>();
    for (ObjectNode subject : objects(binding, "subjects")) {
      if (text(subject, "kind").equals(kind)) {
        String namespace = text(subject, "namespace");
        names.add((namespace.isEmpty() ? "" : namespace + "/") + text(subject, "name"));
      }
    }
    return String.join(", ", names);
  }

  private static String requestedDuration(ObjectNode request) {
    return absent(request, "spec", "expirationSeconds")
        ? Cells.NONE
        : HumanDuration.of(
            Duration.ofSeconds(at(request, "spec", "expirationSeconds").longValue()));
  }

  private static String requestCondition(ObjectNode request) {
    List<String> conditions = new ArrayList<>();
    for (String type : List.of("Approved", "Denied", "Failed")) {
      if (!Cells.condition(request, type).isEmpty()) {
        conditions.add(type);
      }
    }
    if (conditions.isEmpty()) {
      conditions.add("Pending");
    }
    if (!text(request, "status", "certificate").isEmpty()) {
      conditions.add("Issued");
    }
    return String.join(",", conditions);
  }
}
