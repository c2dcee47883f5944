package dev.shiplog.api.projection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.audit.AuditLevel;
import dev.shiplog.api.audit.AuditPolicy;
import dev.shiplog.api.audit.AuditTrail;
import dev.shiplog.api.audit.EventParts;
import dev.shiplog.api.registry.SecretContents;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.JsonBytes;
import dev.shiplog.topics.trace.Tracing;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * The audit record of a change: an {@code audit.k8s.io/v1} Event of stage ResponseComplete. The
 * policy's level says whether it has {@code responseObject} as the state after the change and,
 * beyond what Kubernetes defines, {@code previousObject} as the state before it. As a Kafka record
 * it is a CloudEvent in binary mode. Contents of Secrets are left out of both, and of what is
 * sealed all but metadata.
 */
final class AuditRecord {

  private static final byte[] AFTER = EntryPlace.utf8(",\"responseObject\":");
  private static final byte[] BEFORE = EntryPlace.utf8(",\"previousObject\":");

  private AuditRecord() {}

  static ProjectedRecord of(
      TopicNames names, AuditPolicy policy, Origin origin, Change change, EntryPlace place) {
    AuditPolicy.Verdict verdict = policy.of(origin.user(), asked(origin, change));
    AuditLevel level = atLeastMetadata(verdict.level());
    byte[] before =
        level == AuditLevel.REQUEST_RESPONSE
            ? contents(change.resource(), change.before(), verdict)
            : null;
    byte[] after =
        level == AuditLevel.METADATA ? null : contents(change.resource(), change.after(), verdict);
    byte[] key = EntryPlace.utf8(change.resource().name() + "/" + change.key());
    byte[] value = spliced(event(level, origin, change, place), after, before);
    return new ProjectedRecord(
        Partition.only(names.audit()),
        new LogRecord(key, value, place.timeMs(), headers(origin, change, place)));
  }

  /** No policy leaves out that something was changed, and by whom. */
  private static AuditLevel atLeastMetadata(AuditLevel level) {
    return level == AuditLevel.NONE ? AuditLevel.METADATA : level;
  }

  /** What was asked for, as far as the change tells. */
  private static Attributes asked(Origin origin, Change change) {
    int slash = change.key().indexOf('/');
    String name = change.key().substring(slash + 1);
    return new Attributes(
        origin.verb(),
        change.resource().group(),
        "*",
        change.resource().plural(),
        subresource(origin.requestUri(), name),
        slash < 0 ? "" : change.key().substring(0, slash),
        name,
        "");
  }

  /** What stands behind the name in the path; empty if nothing does. */
  private static String subresource(String uri, String name) {
    String path = uri.indexOf('?') < 0 ? uri : uri.substring(0, uri.indexOf('?'));
    String before = "/" + name + "/";
    int at = path.lastIndexOf(before);
    return at < 0 ? "" : path.substring(at + before.length());
  }

  private static Map<String, byte[]> headers(Origin origin, Change change, EntryPlace place) {
    Map<String, byte[]> headers = place.headers(change.revision());
    Map.of(
            "ce_specversion", "1.0",
            "ce_id", origin.auditId() + "/" + change.revision(),
            "ce_source", "/clusters/" + place.clusterId(),
            "ce_type", "dev.shiplog.change." + word(change.operation()),
            "ce_subject", change.resource().qualifiedName() + "/" + change.key(),
            "ce_time", Instant.ofEpochMilli(place.timeMs()).toString(),
            "content-type", "application/json")
        .forEach((name, text) -> headers.put(name, EntryPlace.utf8(text)));
    return headers;
  }

  private static byte[] event(AuditLevel level, Origin origin, Change change, EntryPlace place) {
    ObjectNode event = EventParts.event(level, origin.auditId(), AuditTrail.COMPLETE);
    event.put("requestURI", origin.requestUri());
    event.put("verb", origin.verb());
    event.set("user", EventParts.user(origin.user()));
    EventParts.texts(event.putArray("sourceIPs"), origin.sourceIps());
    event.put("userAgent", origin.userAgent());
    event.set("objectRef", reference(change));
    int code = change.operation() == Change.Operation.CREATE ? 201 : 200;
    event.putObject("responseStatus").put("code", code).putObject("metadata");
    event.put("requestReceivedTimestamp", EventParts.time(origin.receivedMs()));
    event.put("stageTimestamp", EventParts.time(place.timeMs()));
    annotate(event.putObject("annotations"), origin, change, place);
    return Json.bytes(event);
  }

  private static ObjectNode reference(Change change) {
    String key = change.key();
    int slash = key.indexOf('/');
    ObjectNode node = Json.MAPPER.createObjectNode().put("resource", change.resource().plural());
    if (slash > 0) {
      node.put("namespace", key.substring(0, slash));
    }
    node.put("name", key.substring(slash + 1));
    if (!change.resource().group().isEmpty()) {
      node.put("apiGroup", change.resource().group());
    }
    return node.put("resourceVersion", Long.toString(change.revision()));
  }

  private static void annotate(
      ObjectNode annotations, Origin origin, Change change, EntryPlace place) {
    annotations.put("shiplog.dev/operation", word(change.operation()));
    annotations.put("shiplog.dev/revision", Long.toString(change.revision()));
    annotations.put("shiplog.dev/journal-offset", Long.toString(place.offset()));
    String trace = Tracing.idOf(origin.traceparent());
    if (trace != null) {
      annotations.put("shiplog.dev/trace-id", trace);
    }
    origin
        .command()
        .ifPresent(command ->
            annotations.put("shiplog.dev/command", command.application() + "/" + command.id()));
  }

  private static byte[] contents(
      StorageResource resource, SealedValue value, AuditPolicy.Verdict verdict) {
    if (value == null) {
      return null;
    }
    if (value.seal() != SealedValue.PLAIN) {
      return Json.bytes(Json.read(value.bytes(), ObjectNode.class).without("sealed"));
    }
    boolean secret = SecretContents.concern(resource);
    byte[] stored = secret ? withoutSecrets(value.open()) : value.open();
    return verdict.omitManagedFields() ? JsonBytes.withoutManagedFields(stored) : stored;
  }

  private static byte[] withoutSecrets(byte[] stored) {
    ObjectNode node = Json.read(stored, ObjectNode.class);
    SecretContents.removeFrom(node);
    return Json.bytes(node);
  }

  /** Adds the objects to the event's JSON as they are, without parsing them. */
  private static byte[] spliced(byte[] event, byte[] after, byte[] before) {
    ByteBuffer all = ByteBuffer.allocate(event.length + size(AFTER, after) + size(BEFORE, before));
    all.put(event, 0, event.length - 1);
    put(AFTER, after, all);
    put(BEFORE, before, all);
    return all.put((byte) '}').array();
  }

  private static int size(byte[] name, byte[] value) {
    return value == null ? 0 : name.length + value.length;
  }

  private static void put(byte[] name, byte[] value, ByteBuffer into) {
    if (value != null) {
      into.put(name).put(value);
    }
  }

  private static String word(Change.Operation operation) {
    return operation.name().toLowerCase(Locale.ROOT);
  }
}
