package dev.shiplog.api.admission.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.policy.Policies.Binding;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.topics.record.Json;
import java.util.List;

/** What validating policies find in one request, and what follows. One thread. */
final class PolicyFindings {

  private static final String AUDIT = "validation.policy.admission.k8s.io/validation_failure";

  private final AdmissionRequest request;
  private final ArrayNode audited = Json.MAPPER.createArrayNode();
  private ApiFailure refusal;

  PolicyFindings(AdmissionRequest request) {
    this.request = request;
  }

  void annotate(String key, String value) {
    request.course().annotate(key, value);
  }

  /**
   * Takes what does not hold.
   *
   * @param reason as the policy words it; empty for the usual one
   */
  void failed(Policy policy, Binding binding, String message, String reason) {
    for (String action : binding.actions()) {
      switch (action) {
        case "Warn" ->
            request
                .course()
                .warn(
                    "Validation failed for ValidatingAdmissionPolicy '%s' with binding '%s': %s"
                        .formatted(policy.name(), binding.name(), message));
        case "Audit" -> audit(policy, binding, message);
        default -> refuse(policy, binding, message, reason);
      }
    }
  }

  private void audit(Policy policy, Binding binding, String message) {
    ObjectNode told = audited.addObject().put("message", message).put("policy", policy.name());
    told.put("binding", binding.name());
    told.set("validationActions", Json.MAPPER.valueToTree(binding.actions()));
  }

  private void refuse(Policy policy, Binding binding, String message, String reason) {
    if (refusal != null) {
      return; // the first is told
    }
    Reason why = reason(reason);
    ApiFailure forbidden =
        request
            .target()
            .forbidden(
                "ValidatingAdmissionPolicy '%s' with binding '%s' denied request: %s"
                    .formatted(policy.name(), binding.name(), message));
    refusal =
        new ApiFailure(
            why,
            why.code(),
            forbidden.getMessage(),
            forbidden.subject().orElse(null),
            List.of(new StatusCause("", message, "")),
            0);
  }

  private static Reason reason(String text) {
    return switch (text) {
      case "Unauthorized" -> Reason.UNAUTHORIZED;
      case "Forbidden" -> Reason.FORBIDDEN;
      case "RequestEntityTooLarge" -> Reason.REQUEST_ENTITY_TOO_LARGE;
      default -> Reason.INVALID;
    };
  }

  /**
   * Lets the request go on, or refuses it.
   *
   * @throws ApiFailure if a policy denies it
   */
  void settle() {
    if (!audited.isEmpty()) {
      annotate(AUDIT, audited.toString());
    }
    if (refusal != null) {
      throw refusal;
    }
  }
}
