package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Autoscalers: what is scaled, between which bounds, by what, and how fast. */
final class AutoscalingRules {

  private static final FieldPath SPEC = FieldPath.of("spec");

  /** The field that says more about each type of metric. */
  private static final Map<String, String> SOURCES =
      Map.of(
          "Object", "object",
          "Pods", "pods",
          "Resource", "resource",
          "ContainerResource", "containerResource",
          "External", "external");

  private static final List<String> TARGETS = List.of("AverageValue", "Utilization", "Value");
  private static final List<String> SELECT_POLICIES = List.of("Disabled", "Max", "Min");
  private static final List<String> POLICIES = List.of("Percent", "Pods");
  private static final int LONGEST_WINDOW = 3600;
  private static final int LONGEST_PERIOD = 1800;

  private AutoscalingRules() {}

  static void register(KindTable table) {
    for (String version : List.of("v1", "v2")) {
      table.kind(
          "autoscaling." + version + ".HorizontalPodAutoscaler",
          rules -> rules.always(AutoscalingRules::autoscaler));
    }
  }

  private static void autoscaler(ObjectNode autoscaler, Causes causes) {
    if (!(autoscaler.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    // Zero would need a metric from outside to come back from; only a gate allows it.
    new Checks(spec, SPEC, causes).positive("minReplicas").positive("maxReplicas");
    if (at(spec, "maxReplicas").intValue() < at(spec, "minReplicas").intValue()) {
      causes.invalid(
          SPEC.child("maxReplicas"),
          at(spec, "maxReplicas"),
          "must be greater than or equal to `minReplicas`");
    }
    if (at(spec, "scaleTargetRef") instanceof ObjectNode target) {
      new Checks(target, SPEC.child("scaleTargetRef"), causes)
          .required("kind")
          .name("kind", Names::pathSegment)
          .required("name")
          .name("name", Names::pathSegment);
    }
    int i = 0;
    for (ObjectNode metric : objects(spec, "metrics")) {
      metric(metric, SPEC.child("metrics").index(i++), causes);
    }
    for (String direction : List.of("scaleUp", "scaleDown")) {
      if (at(spec, "behavior", direction) instanceof ObjectNode rules) {
        scaling(rules, SPEC.child("behavior", direction), causes);
      }
    }
  }

  private static void metric(ObjectNode metric, FieldPath path, Causes causes) {
    String type = text(metric, "type");
    if (type.isEmpty()) {
      causes.required(path.child("type"), "must specify a metric source type");
      return;
    }
    String source = SOURCES.get(type);
    if (source == null) {
      causes.notSupported(path.child("type"), type, new TreeSet<>(SOURCES.keySet()));
      return;
    }
    for (String other : new TreeSet<>(SOURCES.values())) {
      if (!other.equals(source) && !absent(metric, other)) {
        causes.forbidden(path.child(other), "must populate the given metric source only");
      }
    }
    if (!(at(metric, source) instanceof ObjectNode given)) {
      causes.required(path.child(source), "must populate information for the given metric source");
      return;
    }
    source(given, source, path.child(source), causes);
  }

  private static void source(ObjectNode given, String source, FieldPath path, Causes causes) {
    boolean named = source.equals("resource") || source.equals("containerResource");
    if (named) {
      new Checks(given, path, causes).required("name");
    } else if (empty(given, "metric", "name")) {
      causes.required(path.child("metric", "name"), "must specify a metric name");
    }
    if (source.equals("containerResource")) {
      new Checks(given, path, causes).required("container");
    }
    if (source.equals("object") && given.get("describedObject") instanceof ObjectNode described) {
      new Checks(described, path.child("describedObject"), causes)
          .required("kind")
          .required("name");
    }
    if (!(at(given, "target") instanceof ObjectNode target)) {
      return;
    }
    FieldPath place = path.child("target");
    new Checks(target, place, causes)
        .required("type")
        .oneOf("type", TARGETS)
        .positive("averageUtilization");
    for (String amount : List.of("value", "averageValue")) {
      JsonNode wanted = at(target, amount);
      if (!wanted.isMissingNode() && Quantity.parse(wanted.asText()).amount().signum() <= 0) {
        causes.invalid(place.child(amount), wanted, "must be positive");
      }
    }
    boolean utilization = !absent(target, "averageUtilization");
    boolean average = !absent(target, "averageValue");
    boolean value = !absent(target, "value");
    if (named) {
      if (!utilization && !average) {
        causes.required(
            place.child("averageUtilization"),
            "must set either a target raw value or a target utilization");
      }
      if (utilization && average) {
        causes.forbidden(
            place.child("averageValue"),
            "may not set both a target raw value and a target utilization");
      }
    } else if (source.equals("pods") && !average) {
      causes.required(place.child("averageValue"), "must specify a positive target averageValue");
    } else if (!source.equals("pods") && !value && !average) {
      causes.required(
          place.child("averageValue"),
          "must set either a target value for metric or a per-pod target");
    }
  }

  private static void scaling(ObjectNode rules, FieldPath path, Causes causes) {
    new Checks(rules, path, causes)
        .range(
            "stabilizationWindowSeconds",
            0,
            LONGEST_WINDOW,
            "must be less than or equal to " + LONGEST_WINDOW)
        .oneOf("selectPolicy", SELECT_POLICIES);
    JsonNode tolerance = at(rules, "tolerance");
    if (!tolerance.isMissingNode() && Quantity.parse(tolerance.asText()).amount().signum() < 0) {
      causes.invalid(path.child("tolerance"), tolerance, "must be greater than or equal to 0");
    }
    if (at(rules, "policies").isEmpty() && absent(rules, "tolerance")) {
      causes.required(path.child("policies"), "must specify at least one Policy");
    }
    int i = 0;
    for (ObjectNode policy : objects(rules, "policies")) {
      FieldPath place = path.child("policies").index(i++);
      new Checks(policy, place, causes)
          .oneOf("type", POLICIES)
          .positive("value")
          .positive("periodSeconds");
      JsonNode period = at(policy, "periodSeconds");
      if (period.longValue() > LONGEST_PERIOD) {
        causes.invalid(
            place.child("periodSeconds"),
            period,
            "must be less than or equal to " + LONGEST_PERIOD);
      }
    }
  }
}
