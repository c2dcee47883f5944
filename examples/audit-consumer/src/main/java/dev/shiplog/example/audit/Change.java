package dev.shiplog.example.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * What the audit trail says of one change, or of a request that changed nothing.
 *
 * @param revision the cluster's revision of the change; 0 for a request that changed nothing
 * @param when when it was committed, or answered
 * @param user who asked for it
 * @param verb the request's verb
 * @param operation create, update or delete; empty for a request that changed nothing
 * @param code what the request was answered with; 0 if that is not told
 * @param resource plural, with its group if it has one
 * @param namespace empty where there is none
 * @param before the object as it was; null if it was created
 * @param after the object as it is; null if it was deleted
 */
public record Change(
    long revision,
    Instant when,
    String user,
    String verb,
    String operation,
    int code,
    String resource,
    String namespace,
    String name,
    String userAgent,
    JsonNode before,
    JsonNode after) {

  /** Whether anything was changed. */
  boolean isOne() {
    return revision > 0;
  }

  /** Takes it from an {@code audit.k8s.io/v1} Event as Shiplog writes it. */
  static Change of(JsonNode event) {
    JsonNode object = event.path("objectRef");
    JsonNode annotations = event.path("annotations");
    String group = object.path("apiGroup").asText("");
    return new Change(
        annotations.path("shiplog.dev/revision").asLong(),
        Instant.parse(event.path("stageTimestamp").asText()),
        event.path("user").path("username").asText(),
        event.path("verb").asText(),
        annotations.path("shiplog.dev/operation").asText(""),
        event.path("responseStatus").path("code").asInt(),
        object.path("resource").asText("") + (group.isEmpty() ? "" : "." + group),
        object.path("namespace").asText(""),
        object.path("name").asText(""),
        event.path("userAgent").asText(""),
        event.get("previousObject"),
        event.get("responseObject"));
  }
}
