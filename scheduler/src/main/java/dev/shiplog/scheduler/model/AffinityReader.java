package dev.shiplog.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the pod affinity and anti-affinity of one pod. */
record AffinityReader(String namespace, Map<String, String> podLabels) {

  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

  /**
   * Reads it.
   *
   * @param affinity {@code spec.affinity}
   */
  PodAffinity read(JsonNode affinity) {
    JsonNode near = affinity.path("podAffinity");
    JsonNode far = affinity.path("podAntiAffinity");
    if (near.isEmpty() && far.isEmpty()) {
      return PodAffinity.NONE;
    }
    List<AffinityTerm.Preferred> preferred = new ArrayList<>();
    preferred.addAll(Fields.list(near.path(PREFERRED), wish -> preferred(wish, 1)));
    preferred.addAll(Fields.list(far.path(PREFERRED), wish -> preferred(wish, -1)));
    return new PodAffinity(
        Fields.list(near.path(REQUIRED), this::term),
        Fields.list(far.path(REQUIRED), this::term),
        preferred);
  }

  private AffinityTerm.Preferred preferred(JsonNode wish, int sign) {
    return new AffinityTerm.Preferred(
        sign * wish.path("weight").asInt(), term(wish.path("podAffinityTerm")));
  }

  private AffinityTerm term(JsonNode term) {
    JsonNode byLabels = term.path("namespaceSelector");
    Set<String> namespaces = new HashSet<>(Fields.list(term.path("namespaces"), JsonNode::asText));
    if (namespaces.isEmpty() && !byLabels.isObject()) {
      namespaces.add(namespace);
    }
    return new AffinityTerm(
        new PodSelector(
            namespaces,
            byLabels.isObject() ? Fields.labelSelector(byLabels) : null,
            narrowed(term, Fields.labelSelector(term.path("labelSelector")))),
        term.path("topologyKey").asText());
  }

  /** Its (mis)matchLabelKeys narrow the selector to pods with the same, or with other values. */
  private LabelSelector narrowed(JsonNode term, LabelSelector selector) {
    return selector
        .and(byKeys(term.path("matchLabelKeys"), Requirement.Operator.IN))
        .and(byKeys(term.path("mismatchLabelKeys"), Requirement.Operator.NOT_IN));
  }

  private LabelSelector byKeys(JsonNode keys, Requirement.Operator operator) {
    List<Requirement> requirements = new ArrayList<>();
    for (JsonNode key : keys) {
      String value = podLabels.get(key.asText());
      if (value != null) {
        requirements.add(new Requirement(key.asText(), operator, List.of(value)));
      }
    }
    return new LabelSelector(requirements);
  }
}
