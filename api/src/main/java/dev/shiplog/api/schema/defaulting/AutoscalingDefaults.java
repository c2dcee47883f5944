package dev.shiplog.api.schema.defaulting;

import static dev.shiplog.api.schema.Trees.child;
import static dev.shiplog.api.schema.Trees.empty;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Horizontal pod autoscalers. */
final class AutoscalingDefaults {

  private static final int CPU_PERCENT = 80;
  private static final int PERIOD_SECONDS = 15;

  private AutoscalingDefaults() {}

  static void register(DefaultRules rules) {
    rules.type("autoscaling.v1.HorizontalPodAutoscalerSpec").value("minReplicas", 1);
    rules
        .type("autoscaling.v2.HorizontalPodAutoscalerSpec")
        .value("minReplicas", 1)
        .rule(AutoscalingDefaults::metrics);
    rules
        .type("autoscaling.v2.HorizontalPodAutoscalerBehavior")
        .rule(AutoscalingDefaults::scaleUp)
        .rule(AutoscalingDefaults::scaleDown);
  }

  private static void metrics(ObjectNode spec) {
    if (empty(spec, "metrics")) {
      ObjectNode metric = spec.putArray("metrics").addObject().put("type", "Resource");
      metric
          .putObject("resource")
          .put("name", "cpu")
          .putObject("target")
          .put("type", "Utilization")
          .put("averageUtilization", CPU_PERCENT);
    }
  }

  private static void scaleUp(ObjectNode behavior) {
    ObjectNode rules = rules(behavior, "scaleUp");
    Defaults.setIfAbsent(rules, "stabilizationWindowSeconds", rules.numberNode(0));
    if (empty(rules, "policies")) {
      ArrayNode policies = rules.putArray("policies");
      policy(policies, "Pods", 4);
      policy(policies, "Percent", 100);
    }
  }

  private static void scaleDown(ObjectNode behavior) {
    ObjectNode rules = rules(behavior, "scaleDown");
    if (empty(rules, "policies")) {
      policy(rules.putArray("policies"), "Percent", 100);
    }
  }

  private static ObjectNode rules(ObjectNode behavior, String direction) {
    ObjectNode rules = child(behavior, direction);
    Defaults.setIfAbsent(rules, "selectPolicy", rules.textNode("Max"));
    return rules;
  }

  private static void policy(ArrayNode policies, String type, int value) {
    policies.addObject().put("type", type).put("value", value).put("periodSeconds", PERIOD_SECONDS);
  }
}
