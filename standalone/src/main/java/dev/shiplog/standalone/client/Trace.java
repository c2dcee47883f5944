package dev.shiplog.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What followed from a change, as a tree: the object it was made to, what that object owns, what
 * those own in turn, and to each its changes with the time since the first. Where the change was
 * traced, what else its trace led to is there as well. It is made of the changes in the journal
 * alone, taken in their order. Mutable; one thread.
 */
public final class Trace {

  private static final int MOST_FIELDS = 3;
  private static final double MILLIS = 1000.0;

  private final Instant began;
  private final Subject root;
  private final String traceId;
  private final List<Subject> besides = new ArrayList<>();
  private final Map<String, Subject> byUid = new LinkedHashMap<>();

  /** An object, its changes in a line each, and what it owns. */
  private record Subject(String title, List<String> steps, List<Subject> owned) {
    Subject(JsonNode object) {
      this(
          object.path("kind").asText().toLowerCase(Locale.ROOT)
              + "/"
              + object.path("name").asText(),
          new ArrayList<>(),
          new ArrayList<>());
    }
  }

  /**
   * Begins with a change.
   *
   * @param first the Change that all else is to follow from
   */
  public Trace(JsonNode first) {
    began = time(first);
    traceId = traceId(first);
    root = new Subject(first.path("object"));
    byUid.put(uid(first), root);
    take(first);
  }

  /** How long after the first change another was made. */
  public Duration after(JsonNode change) {
    return Duration.between(began, time(change));
  }

  /** Takes the next change; one that has nothing to do with the first is left out. */
  public void take(JsonNode change) {
    Subject known = byUid.get(uid(change));
    Subject subject = known == null ? ownedByOneOfThem(change) : known;
    if (subject == null && !traceId.isEmpty() && traceId(change).equals(traceId)) {
      subject = new Subject(change.path("object"));
      besides.add(subject);
      byUid.put(uid(change), subject);
    }
    if (subject != null) {
      subject.steps.add(step(change));
    }
  }

  private Subject ownedByOneOfThem(JsonNode change) {
    for (JsonNode owner : change.at("/after/metadata/ownerReferences")) {
      Subject above = byUid.get(owner.path("uid").asText());
      if (above != null) {
        Subject subject = new Subject(change.path("object"));
        above.owned.add(subject);
        byUid.put(uid(change), subject);
        return subject;
      }
    }
    return null;
  }

  /** The tree, a line for each object and each change. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (!traceId.isEmpty()) {
      lines.add("trace " + traceId);
    }
    add(root, "", lines);
    besides.forEach(subject -> add(subject, "", lines));
    return lines;
  }

  private static void add(Subject subject, String indent, List<String> lines) {
    lines.add(indent + subject.title);
    subject.steps.forEach(step -> lines.add(indent + "  " + step));
    subject.owned.forEach(owned -> add(owned, indent + "    ", lines));
  }

  private String step(JsonNode change) {
    String operation = change.path("operation").asText();
    String what = operation.equals("Update") ? updated(change) : operation.toLowerCase(Locale.ROOT);
    return String.format(
        Locale.ROOT,
        "%+9.3f s  %s, by %s",
        after(change).toMillis() / MILLIS,
        what,
        shortened(change.at("/request/user/username").asText()));
  }

  private static String updated(JsonNode change) {
    JsonNode before = change.path("before");
    JsonNode after = change.path("after");
    Map<String, String> fields = ReadableObject.changedFields(before, after);
    if (fields.isEmpty()) {
      fields = changedStatus(before.path("status"), after.path("status"));
    }
    String summary =
        fields.entrySet().stream()
            .limit(MOST_FIELDS)
            .map(field -> field.getKey() + ": " + field.getValue())
            .collect(Collectors.joining("; "));
    int more = fields.size() - MOST_FIELDS;
    return (summary.isEmpty() ? "status" : summary) + (more > 0 ? "; and " + more + " more" : "");
  }

  /**
   * Its phase, containers that started and conditions that came to hold, and what else is said at
   * the top of it, in this order: a line has no room for all.
   */
  private static Map<String, String> changedStatus(JsonNode before, JsonNode after) {
    Map<String, String> values = changedValues(before, after);
    Map<String, String> changed = new LinkedHashMap<>();
    String phase = values.remove("phase");
    if (phase != null) {
      changed.put("phase", phase);
    }
    List<String> running = started(after);
    running.removeAll(started(before));
    if (!running.isEmpty()) {
      changed.put("containers started", String.join(", ", running));
    }
    List<String> holding = holding(after);
    holding.removeAll(holding(before));
    if (!holding.isEmpty()) {
      changed.put("conditions", String.join(", ", holding));
    }
    changed.putAll(values);
    return changed;
  }

  private static Map<String, String> changedValues(JsonNode before, JsonNode after) {
    Map<String, String> changed = new LinkedHashMap<>();
    after
        .properties()
        .forEach(field -> {
          JsonNode was = before.path(field.getKey());
          if (field.getValue().isValueNode() && !field.getValue().equals(was)) {
            changed.put(field.getKey(), was.asText("") + " → " + field.getValue().asText());
          }
        });
    return changed;
  }

  private static List<String> holding(JsonNode status) {
    List<String> holding = new ArrayList<>();
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("status").asText().equals("True")) {
        holding.add(condition.path("type").asText());
      }
    }
    return holding;
  }

  private static List<String> started(JsonNode status) {
    List<String> started = new ArrayList<>();
    for (JsonNode container : status.path("containerStatuses")) {
      if (container.path("state").has("running")) {
        started.add(container.path("name").asText());
      }
    }
    return started;
  }

  private static String shortened(String user) {
    return user.replaceFirst("^system:(serviceaccount:kube-system:)?", "");
  }

  /** Empty if the change was not traced. */
  private static String traceId(JsonNode change) {
    return change.at("/request/traceID").asText("");
  }

  private static String uid(JsonNode change) {
    return change.at("/object/uid").asText();
  }

  private static Instant time(JsonNode change) {
    return Instant.parse(change.path("time").asText());
  }
}
