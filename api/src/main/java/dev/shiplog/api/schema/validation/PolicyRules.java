package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Disruption budgets and autoscalers: bounds on how many pods there are. */
final class PolicyRules {

  private static final FieldPath SPEC = FieldPath.of("spec");

  private PolicyRules() {}

  static void register(KindTable table) {
    table.kind("policy.v1.PodDisruptionBudget", rules -> rules.always(PolicyRules::budget));
    for (String version : new String[] {"v1", "v2"}) {
      table.kind(
          "autoscaling." + version + ".HorizontalPodAutoscaler",
          rules -> rules.always(PolicyRules::autoscaler));
    }
    table.named(
        "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService",
        rules -> rules.named(Names::pathSegment));
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
        .atMostWhole("maxUnavailable");
    Selectors.validate(at(spec, "selector"), SPEC.child("selector"), causes);
  }

  private static void autoscaler(ObjectNode autoscaler, Causes causes) {
    if (!(autoscaler.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    // Zero would need a metric from outside to come back from; only a gate allows it.
    new Checks(spec, SPEC, causes).positive("minReplicas").positive("maxReplicas");
    int least = at(spec, "minReplicas").intValue();
    if (at(spec, "maxReplicas").intValue() < least) {
      causes.invalid(
          SPEC.child("maxReplicas"),
          at(spec, "maxReplicas"),
          "must be greater than or equal to `minReplicas`");
    }
  }
}
