package dev.shiplog.api.verbs;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.request.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is valid in an object and yet probably not what its author meant, or will not last. */
final class KindWarnings {

  /** Where the template of pods is, by kind. */
  private static final Map<String, List<String>> TEMPLATES =
      Map.of(
          "Pod", List.of(),
          "PodTemplate", List.of("template"),
          "ReplicationController", List.of("spec", "template"),
          "ReplicaSet", List.of("spec", "template"),
          "Deployment", List.of("spec", "template"),
          "StatefulSet", List.of("spec", "template"),
          "DaemonSet", List.of("spec", "template"),
          "Job", List.of("spec", "template"),
          "CronJob", List.of("spec", "jobTemplate", "spec", "template"));

  private static final Map<String, String> NODE_LABELS =
      new TreeMap<>(
          Map.of(
              "beta.kubernetes.io/arch",
                  "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
              "beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead",
              "failure-domain.beta.kubernetes.io/region",
                  "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
              "failure-domain.beta.kubernetes.io/zone",
                  "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
              "beta.kubernetes.io/instance-type",
                  "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead"));

  private KindWarnings() {}

  /** Warnings about the object as it is about to be stored, after those there are already. */
  static List<String> of(Target target, ObjectNode object, List<String> before) {
    boolean whole = target.subresource().isEmpty() && target.type().custom().isEmpty();
    if (!whole) {
      return before;
    }
    List<String> warnings = new ArrayList<>(before);
    List<String> template = TEMPLATES.get(target.type().kind());
    if (template != null) {
      List<String> steps = new ArrayList<>(template);
      steps.add("spec");
      pod(at(object, steps.toArray(String[]::new)), String.join(".", steps), warnings);
    }
    return warnings;
  }

  private static void pod(JsonNode spec, String path, List<String> warnings) {
    NODE_LABELS.forEach((label, why) -> {
      if (at(spec, "nodeSelector").has(label)) {
        warnings.add(path + ".nodeSelector[" + label + "]: " + why);
      }
    });
    if (!absent(spec, "terminationGracePeriodSeconds")
        && at(spec, "terminationGracePeriodSeconds").longValue() < 0) {
      warnings.add(
          path
              + ".terminationGracePeriodSeconds: must be >= 0; negative values are invalid and"
              + " will be treated as 1");
    }
    int i = 0;
    for (ObjectNode volume : objects(spec, "volumes")) {
      if (!absent(volume, "gitRepo")) {
        warnings.add(
            path
                + ".volumes["
                + i
                + "].gitRepo: deprecated in v1.11, and disabled by default in"
                + " v1.33+");
      }
      i++;
    }
    for (String list : List.of("initContainers", "containers")) {
      int j = 0;
      for (ObjectNode container : objects(spec, list)) {
        container(container, path + "." + list + "[" + j++ + "]", warnings);
      }
    }
  }

  private static void container(ObjectNode container, String path, List<String> warnings) {
    Set<String> names = new HashSet<>();
    int i = 0;
    for (ObjectNode variable : objects(container, "env")) {
      if (!names.add(text(variable, "name"))) {
        warnings.add(
            "%s.env[%d]: hides previous definition of \"%s\", which may be dropped when using apply"
                .formatted(path, i, text(variable, "name")));
      }
      i++;
    }
    Set<String> ports = new HashSet<>();
    i = 0;
    for (ObjectNode port : objects(container, "ports")) {
      String served = text(port, "containerPort") + "/" + text(port, "protocol");
      if (!ports.add(served)) {
        warnings.add("%s.ports[%d]: duplicate port definition".formatted(path, i));
      }
      i++;
    }
  }
}
