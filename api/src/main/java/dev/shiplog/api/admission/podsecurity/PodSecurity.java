package dev.shiplog.api.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.admission.AdmissionPlugin;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.admission.podsecurity.NamespacePolicy.Mode;
import dev.shiplog.api.registry.NamespaceRule;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Holds pods to the standards that their namespace's labels name: {@code enforce} refuses, {@code
 * warn} tells the client and {@code audit} the audit log. Templates of pods are not refused, since
 * their pods will be.
 */
public final class PodSecurity implements AdmissionPlugin {

  private static final String PODS = "pods";
  private static final String AUDIT = "pod-security.kubernetes.io/";

  /** Where the pod's template is in what makes pods. */
  private static final Map<String, List<String>> TEMPLATES =
      Map.of(
          "podtemplates", List.of("template"),
          "replicationcontrollers", List.of("spec", "template"),
          "replicasets.apps", List.of("spec", "template"),
          "deployments.apps", List.of("spec", "template"),
          "statefulsets.apps", List.of("spec", "template"),
          "daemonsets.apps", List.of("spec", "template"),
          "jobs.batch", List.of("spec", "template"),
          "cronjobs.batch", List.of("spec", "jobTemplate", "spec", "template"));

  private final PodSecuritySettings settings;

  public PodSecurity(PodSecuritySettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "PodSecurity";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return switch (request.operation()) {
      case DELETE, CONNECT -> false;
      case CREATE, UPDATE ->
          request.isAbout("namespaces")
              || request.isAbout(PODS)
              || request.isAbout(PODS, "ephemeralcontainers")
              || (request.target().subresource().isEmpty()
                  && TEMPLATES.containsKey(request.target().type().qualifiedName()));
    };
  }

  @Override
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    if (request.isAbout("namespaces")) {
      new NamespaceLabels(settings).check(request);
      return Admission.DONE;
    }
    NamespacePolicy policy = policy(request);
    if (!policy.asksNothing() && !isExempt(request)) {
      if (request.target().type().plural().equals(PODS)) {
        pod(request, policy);
      } else {
        template(request, policy);
      }
    }
    return Admission.DONE;
  }

  private NamespacePolicy policy(AdmissionRequest request) {
    ObjectKey key = new ObjectKey(NamespaceRule.NAMESPACES, "", request.target().namespace());
    return NamespacePolicy.of(
        request.state().get(key).map(StoredObject::labels).orElse(Map.of()), settings);
  }

  private boolean isExempt(AdmissionRequest request) {
    return settings.namespaces().contains(request.target().namespace())
        || settings.usernames().contains(request.caller().user().username());
  }

  private boolean isExempt(JsonNode spec) {
    return settings.runtimeClasses().contains(Trees.text(spec, "runtimeClassName"));
  }

  private void pod(AdmissionRequest request, NamespacePolicy policy) {
    ObjectNode pod = request.object();
    JsonNode spec = pod.path("spec");
    if (isExempt(spec)
        || (request.operation() == Operation.UPDATE && !matters(request.before(), pod))) {
      return;
    }
    request.course().annotate(AUDIT + "enforce-policy", policy.enforce().toString());
    List<Violation> refused =
        Standards.violations(policy.enforce().level(), pod.path("metadata"), spec);
    if (!refused.isEmpty()) {
      throw request
          .target()
          .forbidden(
              "violates PodSecurity \"%s\": %s"
                  .formatted(policy.enforce(), Violation.told(refused)));
    }
    remark(request, policy, pod.path("metadata"), spec);
  }

  /** Little of a pod can change, and of that only the images and debug containers count here. */
  private static boolean matters(ObjectNode before, ObjectNode after) {
    for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
      JsonNode old = before.path("spec").path(list);
      JsonNode now = after.path("spec").path(list);
      if (!(old.isEmpty() && now.isEmpty()) && !old.equals(now)) {
        return true;
      }
    }
    return false;
  }

  private void template(AdmissionRequest request, NamespacePolicy policy) {
    List<String> path = TEMPLATES.get(request.target().type().qualifiedName());
    JsonNode template = Trees.at(request.object(), path.toArray(String[]::new));
    if (template.isObject() && !isExempt(template.path("spec"))) {
      remark(request, policy, template.path("metadata"), template.path("spec"));
    }
  }

  private static void remark(
      AdmissionRequest request, NamespacePolicy policy, JsonNode metadata, JsonNode spec) {
    String audited = would(policy.audit(), metadata, spec);
    if (!audited.isEmpty()) {
      request.course().annotate(AUDIT + "audit-violations", audited);
    }
    String warning = would(policy.warn(), metadata, spec);
    if (!warning.isEmpty()) {
      request.course().warn(warning);
    }
  }

  private static String would(Mode mode, JsonNode metadata, JsonNode spec) {
    List<Violation> violations = Standards.violations(mode.level(), metadata, spec);
    return violations.isEmpty()
        ? ""
        : "would violate PodSecurity \"%s\": %s".formatted(mode, Violation.told(violations));
  }
}
