package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Disruption budgets. */
final class PolicyRules {

  private static final FieldPath SPEC = FieldPath.of("spec");

  private static final List<String> EVICTION_POLICIES = List.of("AlwaysAllow", "IfHealthyBudget");

  private PolicyRules() {}

  static void register(KindTable table) {
    table.kind("policy.v1.PodDisruptionBudget", rules -> rules.always(PolicyRules::budget));
  }

  private static void budget(ObjectNode budget, Causes causes) {
    if (!(budget.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    if (!absent(spec, "minAvailable") && !absent(spec, "maxUnavailable")) {
      causes.invalid(SPEC, spec, "minAvailable and maxUnavailable cannot be both set");
    }
    new Checks(spec, SPEC, causes)
        .countOrPercent("minAvailable")
        .atMostWhole("minAvailable")
        .countOrPercent("maxUnavailable")
        .atMostWhole("maxUnavailable")
        .oneOf("unhealthyPodEvictionPolicy", EVICTION_POLICIES);
    Selectors.validate(at(spec, "selector"), SPEC.child("selector"), causes);
  }
}
