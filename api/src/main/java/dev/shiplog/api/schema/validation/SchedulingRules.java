package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where a pod wants to run: tolerations, affinities, spreading. */
final class SchedulingRules {

  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

  private SchedulingRules() {}

  static void validate(ObjectNode spec, FieldPath path, Causes causes) {
    int i = 0;
    for (ObjectNode toleration : objects(spec, "tolerations")) {
      toleration(toleration, path.child("tolerations").index(i++), causes);
    }
    nodeAffinity(
        at(spec, "affinity", "nodeAffinity"), path.child("affinity", "nodeAffinity"), causes);
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      podAffinity(at(spec, "affinity", kind), path.child("affinity", kind), causes);
    }
    spreading(spec, path.child("topologySpreadConstraints"), causes);
  }

  static void toleration(ObjectNode toleration, FieldPath path, Causes causes) {
    new Checks(toleration, path, causes).name("key", Names::qualified);
    String operator = text(toleration, "operator");
    if (empty(toleration, "key") && !operator.equals("Exists")) {
      causes.invalid(
          path.child("operator"),
          operator,
          "operator must be Exists when `key` is empty, which means \"match all values and all"
              + " keys\"");
    }
    if (operator.equals("Exists") && !empty(toleration, "value")) {
      causes.invalid(path, toleration, "value must be empty when `operator` is 'Exists'");
    }
    if (!operator.equals("Exists")) {
      new Checks(toleration, path, causes).name("value", Names::labelValue);
    }
    if (!absent(toleration, "tolerationSeconds")
        && !text(toleration, "effect").equals("NoExecute")) {
      causes.invalid(
          path.child("effect"),
          at(toleration, "effect"),
          "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
  }

  static void nodeSelector(JsonNode selector, FieldPath path, Causes causes) {
    if (selector.isMissingNode()) {
      return;
    }
    if (empty(selector, "nodeSelectorTerms")) {
      causes.required(path.child("nodeSelectorTerms"), "must have at least one node selector term");
    }
    int i = 0;
    for (ObjectNode term : objects(selector, "nodeSelectorTerms")) {
      term(term, path.child("nodeSelectorTerms").index(i++), causes);
    }
  }

  private static void nodeAffinity(JsonNode affinity, FieldPath path, Causes causes) {
    nodeSelector(at(affinity, REQUIRED), path.child(REQUIRED), causes);
    int i = 0;
    for (ObjectNode preferred : objects(affinity, PREFERRED)) {
      FieldPath item = path.child(PREFERRED).index(i++);
      weight(preferred, item, causes);
      term(at(preferred, "preference"), item.child("preference"), causes);
    }
  }

  private static void term(JsonNode term, FieldPath path, Causes causes) {
    for (String list : List.of("matchExpressions", "matchFields")) {
      int i = 0;
      for (ObjectNode requirement : objects(term, list)) {
        if (list.equals("matchFields") && !text(requirement, "key").equals("metadata.name")) {
          causes.invalid(
              path.child(list).index(i).child("key"),
              text(requirement, "key"),
              "not a valid field selector key");
        }
        requirement(requirement, path.child(list).index(i++), causes);
      }
    }
  }

  private static void requirement(ObjectNode requirement, FieldPath path, Causes causes) {
    FieldPath values = path.child("values");
    int count = at(requirement, "values").size();
    switch (text(requirement, "operator")) {
      case "In", "NotIn" -> {
        if (count == 0) {
          causes.required(values, "must be specified when `operator` is 'In' or 'NotIn'");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (count > 0) {
          causes.forbidden(
              values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
      }
      case "Gt", "Lt" -> {
        if (count != 1) {
          causes.required(values, "must be specified single value when `operator` is 'Lt' or 'Gt'");
        }
      }
      default -> {} // not among the allowed values, which is found elsewhere
    }
    Checks.name(path.child("key"), text(requirement, "key"), Names::qualified, causes);
  }

  private static void podAffinity(JsonNode affinity, FieldPath path, Causes causes) {
    int i = 0;
    for (ObjectNode term : objects(affinity, REQUIRED)) {
      podTerm(term, path.child(REQUIRED).index(i++), causes);
    }
    i = 0;
    for (ObjectNode preferred : objects(affinity, PREFERRED)) {
      FieldPath item = path.child(PREFERRED).index(i++);
      weight(preferred, item, causes);
      podTerm(at(preferred, "podAffinityTerm"), item.child("podAffinityTerm"), causes);
    }
  }

  private static void podTerm(JsonNode node, FieldPath path, Causes causes) {
    if (!(node instanceof ObjectNode term)) {
      return;
    }
    if (empty(term, "topologyKey")) {
      causes.required(path.child("topologyKey"), "can not be empty");
    }
    new Checks(term, path, causes).name("topologyKey", Names::qualified);
    for (String key : texts(term, "matchLabelKeys")) {
      if (texts(term, "mismatchLabelKeys").contains(key)) {
        causes.invalid(
            path.child("matchLabelKeys"),
            key,
            "exists in both matchLabelKeys and mismatchLabelKeys");
      }
    }
    Selectors.validate(at(term, "labelSelector"), path.child("labelSelector"), causes);
    Selectors.validate(at(term, "namespaceSelector"), path.child("namespaceSelector"), causes);
  }

  private static void weight(ObjectNode preferred, FieldPath path, Causes causes) {
    new Checks(preferred, path, causes).range("weight", 1, 100, "must be in the range 1-100");
  }

  private static void spreading(ObjectNode spec, FieldPath path, Causes causes) {
    Set<String> seen = new HashSet<>();
    int i = 0;
    for (ObjectNode constraint : objects(spec, "topologySpreadConstraints")) {
      FieldPath item = path.index(i++);
      new Checks(constraint, item, causes)
          .positive("maxSkew")
          .required("topologyKey")
          .required("whenUnsatisfiable")
          .positive("minDomains");
      if (!absent(constraint, "minDomains")
          && text(constraint, "whenUnsatisfiable").equals("ScheduleAnyway")) {
        causes.invalid(
            item.child("minDomains"),
            at(constraint, "minDomains"),
            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway");
      }
      String both = text(constraint, "topologyKey") + ", " + text(constraint, "whenUnsatisfiable");
      if (!seen.add(both)) {
        causes.duplicate(item.child("{topologyKey, whenUnsatisfiable}"), "{" + both + "}");
      }
      Selectors.validate(at(constraint, "labelSelector"), item.child("labelSelector"), causes);
    }
  }
}
