package dev.shiplog.api.admission.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import java.util.Arrays;
import java.util.List;

/** What clients are told when a webhook refuses, or cannot be asked; worded as Kubernetes does. */
final class WebhookRefusals {

  private static final int BAD_REQUEST = 400;
  private static final int MOST_CODE = 599;

  private WebhookRefusals() {}

  static ApiFailure denied(Webhook webhook, JsonNode status) {
    String message = Trees.text(status, "message");
    String reason = Trees.text(status, "reason");
    String told =
        "admission webhook \"%s\" denied the request".formatted(webhook.name())
            + (!message.isEmpty()
                ? ": " + message
                : reason.isEmpty() ? " without explanation" : ": " + reason);
    int code = status.path("code").asInt(0);
    return new ApiFailure(
        reason(reason),
        code >= BAD_REQUEST && code <= MOST_CODE ? code : reason(reason).code(),
        told,
        null,
        List.of(),
        0);
  }

  private static Reason reason(String text) {
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.text().equals(text))
        .findFirst()
        .orElse(Reason.FORBIDDEN);
  }

  static ApiFailure notAsked(Webhook webhook, Throwable why) {
    return Failures.internal(
        "Internal error occurred: failed calling webhook \"%s\": failed to call webhook: %s"
            .formatted(webhook.name(), why.getMessage()));
  }

  static ApiFailure sideEffects(Webhook webhook) {
    return Failures.badRequest(
        "admission webhook \"%s\" does not support dry run".formatted(webhook.name()));
  }

  static ApiFailure condition(AdmissionRequest request, Webhook webhook, RuntimeException why) {
    return request
        .target()
        .forbidden(
            "failed to evaluate match conditions of webhook \"%s\": %s"
                .formatted(webhook.name(), why.getMessage()));
  }
}
