package dev.shiplog.api.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Parts of an {@code audit.k8s.io/v1} Event, as Kubernetes writes them. */
public final class EventParts {

  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private EventParts() {}

  /** An Event of which nothing is known yet. */
  public static ObjectNode event(AuditLevel level, String auditId, String stage) {
    ObjectNode event = Json.MAPPER.createObjectNode();
    event.put("kind", "Event").put("apiVersion", "audit.k8s.io/v1");
    return event.put("level", level.text()).put("auditID", auditId).put("stage", stage);
  }

  /** Who asked. */
  public static ObjectNode user(UserInfo user) {
    ObjectNode node = Json.MAPPER.createObjectNode().put("username", user.username());
    if (!user.uid().isEmpty()) {
      node.put("uid", user.uid());
    }
    texts(node.putArray("groups"), user.groups());
    if (!user.extra().isEmpty()) {
      node.set("extra", Json.MAPPER.valueToTree(user.extra()));
    }
    return node;
  }

  /** Adds texts to a list. */
  public static void texts(ArrayNode list, List<String> texts) {
    texts.forEach(list::add);
  }

  /** MicroTime: always six digits. */
  public static String time(long ms) {
    return MICRO_TIME.format(Instant.ofEpochMilli(ms));
  }
}
