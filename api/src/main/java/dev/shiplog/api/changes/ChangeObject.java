package dev.shiplog.api.changes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.SecretContents;
import dev.shiplog.api.store.MadeObject;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.RecordedChange;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.seal.Sealing;
import dev.shiplog.topics.trace.Tracing;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** A change as an object of kind Change. Immutable; any thread. */
final class ChangeObject implements MadeObject {

  private static final StorageResource CHANGES = StorageResource.of("changes", "shiplog.dev");

  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final RecordedChange recorded;
  private final ObjectKey subject;
  private final byte[] bytes;

  private ChangeObject(RecordedChange recorded, ObjectKey subject, byte[] bytes) {
    this.recorded = recorded;
    this.subject = subject;
    this.bytes = bytes;
  }

  /**
   * Shows a change.
   *
   * @param sealing opens objects as the journal keeps them
   */
  static ChangeObject of(RecordedChange recorded, Sealing sealing) {
    Change change = recorded.change();
    ObjectKey subject = ObjectKey.parse(change.resource(), change.key());
    ObjectNode before = image(change, change.before(), sealing);
    ObjectNode after = image(change, change.after(), sealing);
    ObjectNode known = after == null ? before : after;
    ObjectNode tree = Json.MAPPER.createObjectNode();
    tree.put("kind", "Change").put("apiVersion", "shiplog.dev/v1");
    putMetadata(tree.putObject("metadata"), recorded, subject);
    tree.put("operation", operation(change));
    tree.put("time", MICRO_TIME.format(Instant.ofEpochMilli(recorded.timeMs())));
    putSubject(tree.putObject("object"), subject, known);
    putRequest(tree.putObject("request"), recorded.origin());
    if (before != null) {
      tree.set("before", before);
    }
    if (after != null) {
      tree.set("after", after);
    }
    return new ChangeObject(recorded, subject, Json.bytes(tree));
  }

  /** {@code Create}, {@code Update} or {@code Delete}. */
  static String operation(Change change) {
    return switch (change.operation()) {
      case CREATE -> "Create";
      case UPDATE -> "Update";
      case DELETE -> "Delete";
    };
  }

  private static ObjectNode image(Change change, SealedValue value, Sealing sealing) {
    if (value == null) {
      return null;
    }
    ObjectNode object = Json.read(sealing.open(change, value), ObjectNode.class);
    return SecretContents.concern(change.resource()) ? SecretContents.removeFrom(object) : object;
  }

  private static void putMetadata(ObjectNode metadata, RecordedChange recorded, ObjectKey subject) {
    String revision = Long.toString(recorded.revision());
    metadata.put("name", revision);
    if (!subject.namespace().isEmpty()) {
      metadata.put("namespace", subject.namespace());
    }
    metadata.put("uid", uid(recorded)).put("resourceVersion", revision);
    metadata.put(
        "creationTimestamp",
        Instant.ofEpochMilli(recorded.timeMs()).truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static void putSubject(ObjectNode node, ObjectKey subject, ObjectNode known) {
    if (!subject.resource().group().isEmpty()) {
      node.put("group", subject.resource().group());
    }
    node.put("resource", subject.resource().plural());
    node.put("kind", known.path("kind").asText(""));
    if (!subject.namespace().isEmpty()) {
      node.put("namespace", subject.namespace());
    }
    node.put("name", subject.name()).put("uid", known.at("/metadata/uid").asText(""));
  }

  private static void putRequest(ObjectNode node, Origin origin) {
    node.put("verb", origin.verb()).put("uri", origin.requestUri());
    node.put("auditID", origin.auditId());
    String trace = Tracing.idOf(origin.traceparent());
    if (trace != null) {
      node.put("traceID", trace);
    }
    UserInfo user = origin.user();
    ObjectNode who = node.putObject("user").put("username", user.username());
    if (!user.uid().isEmpty()) {
      who.put("uid", user.uid());
    }
    user.groups().forEach(who.putArray("groups")::add);
    node.put("userAgent", origin.userAgent());
    origin.command().ifPresent(by -> node.put("command", by.application() + "/" + by.id()));
  }

  private static String uid(RecordedChange recorded) {
    String text = recorded.origin().auditId() + "/" + recorded.revision();
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  @Override
  public ObjectKey key() {
    return new ObjectKey(CHANGES, subject.namespace(), Long.toString(revision()));
  }

  @Override
  public long revision() {
    return recorded.revision();
  }

  @Override
  public String uid() {
    return uid(recorded);
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public ObjectNode tree() {
    return Json.read(bytes, ObjectNode.class);
  }
}
