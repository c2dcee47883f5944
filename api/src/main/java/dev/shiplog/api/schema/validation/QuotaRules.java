package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Quotas and limits of namespaces. */
final class QuotaRules {

  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath LIMITS = SPEC.child("limits");

  /** Counted one by one, so in whole numbers. */
  private static final Set<String> COUNTED =
      Set.of(
          "pods",
          "resourcequotas",
          "services",
          "replicationcontrollers",
          "secrets",
          "persistentvolumeclaims",
          "configmaps",
          "services.nodeports",
          "services.loadbalancers");

  private static final Set<String> MEASURED =
      Set.of(
          "cpu",
          "memory",
          "ephemeral-storage",
          "requests.cpu",
          "requests.memory",
          "requests.storage",
          "requests.ephemeral-storage",
          "limits.cpu",
          "limits.memory",
          "limits.ephemeral-storage");

  /** What is used by pods, so that scopes of pods apply to it. */
  private static final Set<String> OF_PODS =
      Set.of(
          "pods",
          "cpu",
          "memory",
          "requests.cpu",
          "requests.memory",
          "limits.cpu",
          "limits.memory");

  private static final Map<String, String> CONFLICTING =
      Map.of("BestEffort", "NotBestEffort", "Terminating", "NotTerminating");

  private static final List<String> LIMITED = List.of("Container", "PersistentVolumeClaim", "Pod");

  private QuotaRules() {}

  static void register(KindTable table) {
    table.kind(
        "core.v1.ResourceQuota",
        rules ->
            rules
                .always(QuotaRules::quota)
                .onUpdate((o, old, c) -> {
                  if (!at(o, "spec", "scopes").equals(at(old, "spec", "scopes"))) {
                    c.invalid(SPEC.child("scopes"), at(o, "spec", "scopes"), Checks.IMMUTABLE);
                  }
                }));
    table.kind("core.v1.LimitRange", rules -> rules.always(QuotaRules::limitRange));
  }

  private static void quota(ObjectNode quota, Causes causes) {
    if (!(quota.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    new Checks(spec, SPEC, causes).quantities("hard");
    for (Map.Entry<String, JsonNode> entry : at(spec, "hard").properties()) {
      FieldPath path = SPEC.child("hard").key(entry.getKey());
      if (!isQuotaResource(entry.getKey())) {
        causes.invalid(path, entry.getKey(), "must be a standard resource for quota");
      }
      boolean counted = COUNTED.contains(entry.getKey()) || entry.getKey().contains("/");
      if (counted && !isWhole(entry.getValue())) {
        causes.invalid(path, entry.getValue(), "must be an integer");
      }
    }
    scopes(spec, causes);
    int i = 0;
    FieldPath expressions = SPEC.child("scopeSelector", "matchExpressions");
    for (ObjectNode expression : objects(spec, "scopeSelector", "matchExpressions")) {
      expression(expression, expressions.index(i++), causes);
    }
  }

  private static boolean isQuotaResource(String name) {
    return name.contains("/")
        || COUNTED.contains(name)
        || MEASURED.contains(name)
        || name.startsWith("hugepages-")
        || name.startsWith("requests.hugepages-");
  }

  private static boolean isWhole(JsonNode quantity) {
    return Quantity.parse(quantity.asText()).amount().stripTrailingZeros().scale() <= 0;
  }

  private static void scopes(ObjectNode spec, Causes causes) {
    List<String> scopes = texts(spec, "scopes");
    FieldPath path = SPEC.child("scopes");
    for (String scope : scopes) {
      boolean ofPods = !scope.equals("VolumeAttributesClass");
      Set<String> fitting = scope.equals("BestEffort") ? Set.of("pods") : OF_PODS;
      boolean fits =
          at(spec, "hard").properties().stream()
              .map(Map.Entry::getKey)
              .allMatch(name -> fitting.contains(name) || name.contains("/"));
      if (ofPods && !fits) {
        causes.invalid(path, at(spec, "scopes"), "unsupported scope applied to resource");
      }
    }
    CONFLICTING.forEach((one, other) -> {
      if (scopes.contains(one) && scopes.contains(other)) {
        causes.invalid(path, at(spec, "scopes"), "conflicting scopes");
      }
    });
  }

  private static void expression(ObjectNode expression, FieldPath path, Causes causes) {
    boolean valued = !empty(expression, "values");
    switch (text(expression, "operator")) {
      case "In", "NotIn" -> {
        if (!valued) {
          causes.required(
              path.child("values"),
              "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (valued) {
          causes.invalid(
              path.child("values"),
              at(expression, "values"),
              "must be no value when `operator` is 'Exists' or 'DoesNotExist' for scope selector");
        }
      }
      default -> {} // not among the allowed values, which is found elsewhere
    }
  }

  private static void limitRange(ObjectNode range, Causes causes) {
    Set<String> types = new HashSet<>();
    int i = 0;
    for (ObjectNode item : objects(range, "spec", "limits")) {
      FieldPath path = LIMITS.index(i++);
      String type = text(item, "type");
      type(type, path.child("type"), causes);
      if (!types.add(type)) {
        causes.duplicate(path.child("type"), type);
      }
      item(item, type, path, causes);
    }
  }

  private static void type(String type, FieldPath path, Causes causes) {
    Checks.name(path, type, Names::qualified, causes);
    if (!type.contains("/") && !LIMITED.contains(type)) {
      causes.invalid(path, type, "must be a standard limit type or fully qualified");
    }
  }

  private static void item(ObjectNode item, String type, FieldPath path, Causes causes) {
    for (String field :
        List.of("min", "max", "default", "defaultRequest", "maxLimitRequestRatio")) {
      new Checks(item, path, causes).quantities(field);
    }
    if (type.equals("Pod")) {
      for (String field : List.of("default", "defaultRequest")) {
        if (!empty(item, field)) {
          causes.forbidden(path.child(field), "may not be specified when `type` is 'Pod'");
        }
      }
    }
    if (type.equals("PersistentVolumeClaim")
        && absent(item, "min", "storage")
        && absent(item, "max", "storage")) {
      causes.required(
          path, "either minimum or maximum storage value is required, but neither was provided");
    }
    ordered(item, "min", "max", path, causes);
    ordered(item, "min", "defaultRequest", path, causes);
    ordered(item, "defaultRequest", "default", path, causes);
    ordered(item, "default", "max", path, causes);
    for (Map.Entry<String, JsonNode> ratio : at(item, "maxLimitRequestRatio").properties()) {
      if (Quantity.parse(ratio.getValue().asText()).compareTo(Quantity.parse("1")) < 0) {
        causes.invalid(
            path.child("maxLimitRequestRatio").key(ratio.getKey()),
            ratio.getValue(),
            "ratio %s is less than 1".formatted(ratio.getValue().asText()));
      }
    }
  }

  private static void ordered(
      ObjectNode item, String less, String more, FieldPath path, Causes causes) {
    for (Map.Entry<String, JsonNode> entry : at(item, less).properties()) {
      JsonNode other = at(item, more, entry.getKey());
      if (!other.isMissingNode()
          && Quantity.parse(entry.getValue().asText()).compareTo(Quantity.parse(other.asText()))
              > 0) {
        causes.invalid(
            path.child(less).key(entry.getKey()),
            entry.getValue(),
            "%s value %s is greater than %s value %s"
                .formatted(less, entry.getValue().asText(), more, other.asText()));
      }
    }
  }
}
