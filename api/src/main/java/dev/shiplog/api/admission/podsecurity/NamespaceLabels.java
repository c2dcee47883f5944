package dev.shiplog.api.admission.podsecurity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.Listed;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The labels of namespaces themselves: that they can be read, and which pods that are there already
 * would not pass a standard that becomes stricter.
 */
record NamespaceLabels(PodSecuritySettings settings) {

  private static final StorageResource PODS = StorageResource.of("pods", "");

  /** As many as can be looked at while a client waits. */
  private static final int MOST_PODS = 3000;

  private static final int MOST_WARNINGS = 20;

  void check(AdmissionRequest request) {
    ObjectNode after = request.object();
    ObjectNode before = request.before();
    Set<StatusCause> problems =
        new HashSet<>(NamespacePolicy.problems(Trees.map(after, "metadata", "labels")));
    if (before != null) {
      problems.removeAll(NamespacePolicy.problems(Trees.map(before, "metadata", "labels")));
    }
    if (!problems.isEmpty()) {
      throw Failures.invalid("", "Namespace", request.target().name(), List.copyOf(problems));
    }
    if (before != null && !settings.namespaces().contains(request.target().name())) {
      Level old = level(before);
      NamespacePolicy policy = NamespacePolicy.of(Trees.map(after, "metadata", "labels"), settings);
      if (policy.enforce().level().compareTo(old) > 0) {
        warn(request, policy.enforce());
      }
    }
  }

  private Level level(ObjectNode namespace) {
    return NamespacePolicy.of(Trees.map(namespace, "metadata", "labels"), settings)
        .enforce()
        .level();
  }

  private static void warn(AdmissionRequest request, NamespacePolicy.Mode mode) {
    Map<String, String> violating = new LinkedHashMap<>();
    Listed.in(request.state(), PODS, request.target().name())
        .limit(MOST_PODS)
        .map(StoredObject::tree)
        .forEach(pod -> {
          List<Violation> found =
              Standards.violations(mode.level(), pod.path("metadata"), pod.path("spec"));
          if (!found.isEmpty()) {
            violating.put(
                Trees.text(pod, "metadata", "name"),
                String.join(", ", found.stream().map(Violation::reason).toList()));
          }
        });
    if (!violating.isEmpty()) {
      request
          .course()
          .warn(
              "existing pods in namespace \"%s\" violate the new PodSecurity enforce level \"%s\""
                  .formatted(request.target().name(), mode));
      violating.entrySet().stream()
          .limit(MOST_WARNINGS)
          .forEach(pod -> request.course().warn(pod.getKey() + ": " + pod.getValue()));
    }
  }
}
