package dev.shiplog.api.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.ownership.Manager.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The entries of {@code metadata.managedFields}. Immutable. */
public record ManagedFields(List<Entry> entries) {

  static final ManagedFields NONE = new ManagedFields(List.of());

  /** More updaters than these are counted as one, so that a crowd of them cannot grow an object. */
  private static final int MOST_UPDATERS = 10;

  private static final String CROWD = "ancient-changes";

  private static final Comparator<Entry> ORDER =
      Comparator.comparing((Entry entry) -> entry.manager().operation())
          .thenComparing(Entry::time)
          .thenComparing(entry -> entry.manager().name())
          .thenComparing(entry -> entry.manager().apiVersion())
          .thenComparing(entry -> entry.manager().subresource());

  public ManagedFields {
    entries = List.copyOf(entries);
  }

  /**
   * What one manager owns.
   *
   * @param time when it last took something; empty if that is not known
   */
  record Entry(Manager manager, String time, FieldSet fields) {}

  /** Reads them; empty if they are not as they must be. */
  static Optional<ManagedFields> read(JsonNode array) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode json : array) {
      boolean apply = json.path("operation").asText("").equals(Operation.APPLY.text());
      boolean update = json.path("operation").asText("").equals(Operation.UPDATE.text());
      if ((!apply && !update)
          || !json.path("fieldsType").asText("").equals("FieldsV1")
          || !(json.path("fieldsV1") instanceof ObjectNode fields)
          || !FieldsV1.isWellFormed(fields)) {
        return Optional.empty();
      }
      entries.add(
          new Entry(
              new Manager(
                  json.path("manager").asText(""),
                  apply ? Operation.APPLY : Operation.UPDATE,
                  json.path("apiVersion").asText(""),
                  json.path("subresource").asText("")),
              json.path("time").asText(""),
              FieldSet.of(fields)));
    }
    return Optional.of(new ManagedFields(entries));
  }

  /** As metadata has them; null if there are none. */
  ArrayNode write() {
    if (entries.isEmpty()) {
      return null;
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode(entries.size());
    entries.stream().sorted(ORDER).forEach(entry -> write(entry, array.addObject()));
    return array;
  }

  private static void write(Entry entry, ObjectNode json) {
    Manager manager = entry.manager();
    json.put("manager", manager.name()).put("operation", manager.operation().text());
    json.put("apiVersion", manager.apiVersion());
    if (!entry.time().isEmpty()) {
      json.put("time", entry.time());
    }
    json.put("fieldsType", "FieldsV1").set("fieldsV1", entry.fields().tree());
    if (!manager.subresource().isEmpty()) {
      json.put("subresource", manager.subresource());
    }
  }

  FieldSet of(Manager manager) {
    return entries.stream()
        .filter(entry -> entry.manager().isSame(manager))
        .map(Entry::fields)
        .reduce(FieldSet.EMPTY, FieldSet::union);
  }

  /** Everything that anybody owns. */
  FieldSet all() {
    return entries.stream().map(Entry::fields).reduce(FieldSet.EMPTY, FieldSet::union);
  }

  /** The entries of all but one manager. */
  ManagedFields without(Manager manager) {
    return new ManagedFields(
        entries.stream().filter(entry -> !entry.manager().isSame(manager)).toList());
  }

  ManagedFields with(Manager manager, String time, FieldSet fields) {
    List<Entry> result = new ArrayList<>(without(manager).entries());
    if (!fields.isEmpty()) {
      result.add(new Entry(manager, time, fields));
    }
    return new ManagedFields(result);
  }

  /** The entries with what is left of their fields; those without any are gone. */
  ManagedFields mapped(UnaryOperator<FieldSet> change) {
    return new ManagedFields(
        entries.stream()
            .map(entry -> new Entry(entry.manager(), entry.time(), change.apply(entry.fields())))
            .filter(entry -> !entry.fields().isEmpty())
            .toList());
  }

  /** With the oldest updaters counted as one, as far as there are too many. */
  ManagedFields capped() {
    List<Entry> updaters =
        entries.stream()
            .filter(e -> e.manager().operation() == Operation.UPDATE)
            .sorted(ORDER)
            .toList();
    int excess = updaters.size() - MOST_UPDATERS;
    if (excess <= 0) {
      return this;
    }
    // One more, since the crowd is an updater too.
    ManagedFields result = this;
    for (Entry old : updaters.subList(0, excess + 1)) {
      Manager crowd = new Manager(CROWD, Operation.UPDATE, old.manager().apiVersion(), "");
      FieldSet joined = result.of(crowd).union(old.fields());
      result = result.without(old.manager()).with(crowd, old.time(), joined);
    }
    return result;
  }
}
