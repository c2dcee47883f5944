package dev.shiplog.api.projection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.record.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * The audit record of a change: an {@code audit.k8s.io/v1} Event of stage ResponseComplete, with
 * {@code responseObject} as the state after the change and, beyond what Kubernetes defines, {@code
 * previousObject} as the state before it. As a Kafka record it is a CloudEvent in binary mode.
 * Contents of Secrets are left out of both.
 */
final class AuditRecord {

  private static final StorageResource SECRETS = StorageResource.of("secrets", "");
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final byte[] AFTER = EntryPlace.utf8(",\"responseObject\":");
  private static final byte[] BEFORE = EntryPlace.utf8(",\"previousObject\":");

  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private AuditRecord() {}

  static ProjectedRecord of(TopicNames names, Origin origin, Change change, EntryPlace place) {
    byte[] before = contents(change.resource(), change.before());
    byte[] after = contents(change.resource(), change.after());
    byte[] key = EntryPlace.utf8(change.resource().name() + "/" + change.key());
    byte[] value = spliced(event(origin, change, place), after, before);
    return new ProjectedRecord(
        Partition.only(names.audit()),
        new LogRecord(key, value, place.timeMs(), headers(origin, change, place)));
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

  private static byte[] event(Origin origin, Change change, EntryPlace place) {
    ObjectNode event = Json.MAPPER.createObjectNode();
    event.put("kind", "Event").put("apiVersion", "audit.k8s.io/v1");
    event.put("level", "RequestResponse").put("auditID", origin.auditId());
    event.put("stage", "ResponseComplete").put("requestURI", origin.requestUri());
    event.put("verb", origin.verb());
    event.set("user", user(origin.user()));
    event.set("sourceIPs", Json.MAPPER.valueToTree(origin.sourceIps()));
    event.put("userAgent", origin.userAgent());
    event.set("objectRef", reference(change));
    int code = change.operation() == Change.Operation.CREATE ? 201 : 200;
    event.putObject("responseStatus").put("code", code).putObject("metadata");
    event.put("requestReceivedTimestamp", time(origin.receivedMs()));
    event.put("stageTimestamp", time(place.timeMs()));
    annotate(event.putObject("annotations"), origin, change, place);
    return Json.bytes(event);
  }

  private static ObjectNode user(UserInfo user) {
    ObjectNode node = Json.MAPPER.createObjectNode().put("username", user.username());
    if (!user.uid().isEmpty()) {
      node.put("uid", user.uid());
    }
    node.set("groups", Json.MAPPER.valueToTree(user.groups()));
    if (!user.extra().isEmpty()) {
      node.set("extra", Json.MAPPER.valueToTree(user.extra()));
    }
    return node;
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
    origin
        .command()
        .ifPresent(command ->
            annotations.put("shiplog.dev/command", command.application() + "/" + command.id()));
  }

  private static byte[] contents(StorageResource resource, SealedValue value) {
    if (value == null) {
      return null;
    }
    return resource.equals(SECRETS) ? withoutSecrets(value.open()) : value.open();
  }

  private static byte[] withoutSecrets(byte[] secret) {
    try {
      ObjectNode node = (ObjectNode) Json.MAPPER.readTree(secret);
      node.remove("data");
      node.remove("stringData");
      JsonNode annotations = node.at("/metadata/annotations");
      if (annotations instanceof ObjectNode object) {
        object.remove(LAST_APPLIED);
      }
      return Json.bytes(node);
    } catch (IOException e) {
      throw new UncheckedIOException("a stored secret is not JSON", e);
    }
  }

  /** Adds the objects to the event's JSON as they are, without parsing them. */
  private static byte[] spliced(byte[] event, byte[] after, byte[] before) {
    int size = event.length + length(after) + length(before) + AFTER.length + BEFORE.length;
    ByteArrayOutputStream out = new ByteArrayOutputStream(size);
    out.write(event, 0, event.length - 1);
    if (after != null) {
      out.writeBytes(AFTER);
      out.writeBytes(after);
    }
    if (before != null) {
      out.writeBytes(BEFORE);
      out.writeBytes(before);
    }
    out.write('}');
    return out.toByteArray();
  }

  private static int length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /** MicroTime, as Kubernetes writes it: always six digits. */
  private static String time(long ms) {
    return MICRO_TIME.format(Instant.ofEpochMilli(ms));
  }

  private static String word(Change.Operation operation) {
    return operation.name().toLowerCase(Locale.ROOT);
  }
}
