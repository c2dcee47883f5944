package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.StatusCause;

/** A failure as a Kubernetes Status. */
final class StatusTree {

  private StatusTree() {}

  static ObjectNode of(ApiFailure failure) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1");
    ObjectNode metadata = status.putObject("metadata");
    if (!failure.continueToken().isEmpty()) {
      metadata.put("continue", failure.continueToken());
    }
    status.put("status", "Failure");
    status.put("message", failure.getMessage());
    status.put("reason", failure.reason().text());
    ObjectNode details = details(failure);
    if (!details.isEmpty()) {
      status.set("details", details);
    }
    return status.put("code", failure.code());
  }

  private static ObjectNode details(ApiFailure failure) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    failure
        .subject()
        .ifPresent(subject -> {
          putIfSet(details, "name", subject.name());
          putIfSet(details, "group", subject.group());
          putIfSet(details, "kind", subject.kind());
          putIfSet(details, "uid", subject.uid());
        });
    if (!failure.causes().isEmpty()) {
      ArrayNode causes = details.putArray("causes");
      for (StatusCause cause : failure.causes()) {
        ObjectNode entry = causes.addObject();
        putIfSet(entry, "reason", cause.type());
        putIfSet(entry, "message", cause.message());
        putIfSet(entry, "field", cause.field());
      }
    }
    if (failure.retryAfterSeconds() > 0) {
      details.put("retryAfterSeconds", failure.retryAfterSeconds());
    }
    return details;
  }

  private static void putIfSet(ObjectNode node, String field, String value) {
    if (value != null && !value.isEmpty()) {
      node.put(field, value);
    }
  }
}
