package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Events. Those who write through the newer API have to say more than the older one asks for. */
final class EventRules {

  private static final int LONGEST_TEXT = 128;
  private static final int LONGEST_MESSAGE = 1024;
  private static final List<String> SAYS_WHO = List.of("reportingInstance", "action", "reason");

  /** What the newer API knows by other means. */
  private static final List<String> UNSET = List.of("firstTimestamp", "lastTimestamp", "count");

  private static final List<String> FIXED =
      List.of(
          "involvedObject",
          "reason",
          "message",
          "source",
          "firstTimestamp",
          "lastTimestamp",
          "count",
          "type",
          "eventTime",
          "action",
          "related",
          "reportingComponent",
          "reportingInstance");

  private EventRules() {}

  static void register(KindTable table) {
    table.kind("core.v1.Event", rules -> rules.always(EventRules::event));
    table.asked(
        "events.v1.Event",
        rules -> rules.onCreate(EventRules::created).onUpdate(EventRules::seriesOnly));
  }

  private static void event(ObjectNode event, Causes causes) {
    String own = text(event, "metadata", "namespace");
    String involved = text(event, "involvedObject", "namespace");
    boolean matches =
        involved.isEmpty() ? own.equals("default") || own.isEmpty() : own.equals(involved);
    if (!matches) {
      causes.invalid(
          FieldPath.of("involvedObject", "namespace"), involved, "does not match event.namespace");
    }
    if (!absent(event, "eventTime")) {
      reporter(event, causes);
    }
  }

  private static void reporter(ObjectNode event, Causes causes) {
    FieldPath controller = FieldPath.of("reportingController");
    if (empty(event, "reportingComponent")) {
      causes.required(controller);
    } else {
      Checks.name(controller, text(event, "reportingComponent"), Names::qualified, causes);
    }
    for (String field : SAYS_WHO) {
      FieldPath path = FieldPath.of(field);
      if (empty(event, field)) {
        causes.required(path);
      } else if (text(event, field).length() > LONGEST_TEXT) {
        causes.invalid(
            path, at(event, field), "can have at most %d characters".formatted(LONGEST_TEXT));
      }
    }
    if (text(event, "message").length() > LONGEST_MESSAGE) {
      causes.invalid(
          FieldPath.of("message"), "", "can have at most %d characters".formatted(LONGEST_MESSAGE));
    }
  }

  private static void created(ObjectNode event, Causes causes) {
    if (absent(event, "eventTime")) {
      causes.required(FieldPath.of("eventTime"));
    }
    reporter(event, causes);
    String type = text(event, "type");
    if (!type.equals("Normal") && !type.equals("Warning")) {
      causes.invalid(FieldPath.of("type"), "", "has invalid value: " + type);
    }
    for (String field : UNSET) {
      JsonNode value = at(event, field);
      boolean set = value.isNumber() ? value.intValue() != 0 : !value.isMissingNode();
      if (set) {
        causes.invalid(FieldPath.of(field), "", "needs to be unset");
      }
    }
    if (!empty(event, "source", "component") || !empty(event, "source", "host")) {
      causes.invalid(FieldPath.of("source"), "", "needs to be unset");
    }
  }

  /** What happened does not change; it may only happen again. */
  private static void seriesOnly(ObjectNode event, ObjectNode old, Causes causes) {
    FIXED.forEach(field -> Checks.immutable(event, old, FieldPath.ROOT, field, causes));
  }
}
