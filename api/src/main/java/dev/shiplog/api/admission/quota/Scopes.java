package dev.shiplog.api.admission.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import java.util.ArrayList;
import java.util.List;

/**
 * Which pods a quota is about; all must hold. A quota with scopes counts nothing but pods.
 *
 * @param terms none: everything counts
 */
record Scopes(List<Term> terms) {

  /** A scope with the values that a selector compares it with. */
  record Term(String scope, String operator, List<String> values) {}

  static Scopes of(JsonNode spec) {
    List<Term> terms = new ArrayList<>();
    Trees.texts(spec, "scopes").forEach(s -> terms.add(new Term(s, "Exists", List.of())));
    for (ObjectNode term : Trees.objects(spec, "scopeSelector", "matchExpressions")) {
      terms.add(
          new Term(
              Trees.text(term, "scopeName"),
              Trees.text(term, "operator"),
              Trees.texts(term, "values")));
    }
    return new Scopes(List.copyOf(terms));
  }

  boolean match(Usage usage) {
    if (terms.isEmpty()) {
      return true;
    }
    return usage.pod() != null && terms.stream().allMatch(term -> matches(term, usage.pod()));
  }

  private static boolean matches(Term term, ObjectNode pod) {
    JsonNode spec = pod.path("spec");
    return switch (term.scope()) {
      case "Terminating" -> spec.path("activeDeadlineSeconds").asLong(-1) >= 0;
      case "NotTerminating" -> spec.path("activeDeadlineSeconds").asLong(-1) < 0;
      case "BestEffort" -> isBestEffort(pod);
      case "NotBestEffort" -> !isBestEffort(pod);
      case "PriorityClass" -> ofPriority(term, Trees.text(spec, "priorityClassName"));
      case "CrossNamespacePodAffinity" -> looksElsewhere(spec.path("affinity"));
      default -> false; // validation knows no other
    };
  }

  private static boolean isBestEffort(ObjectNode pod) {
    return Trees.text(pod, "status", "qosClass").equals("BestEffort");
  }

  private static boolean ofPriority(Term term, String name) {
    return switch (term.operator()) {
      case "In" -> term.values().contains(name);
      case "NotIn" -> !term.values().contains(name);
      case "DoesNotExist" -> name.isEmpty();
      default -> !name.isEmpty();
    };
  }

  private static boolean looksElsewhere(JsonNode affinity) {
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      JsonNode terms = affinity.path(kind);
      for (JsonNode term : terms.path("requiredDuringSchedulingIgnoredDuringExecution")) {
        if (namesNamespaces(term)) {
          return true;
        }
      }
      for (JsonNode term : terms.path("preferredDuringSchedulingIgnoredDuringExecution")) {
        if (namesNamespaces(term.path("podAffinityTerm"))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean namesNamespaces(JsonNode term) {
    return !Trees.empty(term, "namespaces") || !Trees.absent(term, "namespaceSelector");
  }
}
