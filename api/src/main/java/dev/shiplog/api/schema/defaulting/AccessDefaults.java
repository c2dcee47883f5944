package dev.shiplog.api.schema.defaulting;

import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Roles' bindings and the priorities of requests. */
final class AccessDefaults {

  private static final String RBAC = "rbac.authorization.k8s.io";

  private AccessDefaults() {}

  static void register(DefaultRules rules) {
    rules.type("rbac.v1.RoleRef").rule(AccessDefaults::roleGroup);
    rules.type("rbac.v1.Subject").rule(AccessDefaults::subjectGroup);
    rules.type("flowcontrol.v1.FlowSchemaSpec").valueOfZero("matchingPrecedence", 1000);
    rules
        .type("flowcontrol.v1.LimitedPriorityLevelConfiguration")
        .value("nominalConcurrencyShares", 30)
        .value("lendablePercent", 0);
    rules
        .type("flowcontrol.v1.ExemptPriorityLevelConfiguration")
        .value("nominalConcurrencyShares", 0)
        .value("lendablePercent", 0);
    rules
        .type("flowcontrol.v1.QueuingConfiguration")
        .valueOfZero("queues", 64)
        .valueOfZero("handSize", 8)
        .valueOfZero("queueLengthLimit", 50);
  }

  private static void roleGroup(ObjectNode roleRef) {
    if (empty(roleRef, "apiGroup")) {
      roleRef.put("apiGroup", RBAC);
    }
  }

  private static void subjectGroup(ObjectNode subject) {
    String kind = text(subject, "kind");
    if (empty(subject, "apiGroup") && (kind.equals("User") || kind.equals("Group"))) {
      subject.put("apiGroup", RBAC);
    }
  }
}
