package dev.shiplog.api.ownership;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Server-side apply: what a manager's whole opinion about an object, its configuration, makes of
 * the object.
 *
 * @param config sparse, in the storage version: what it does not mention is nobody's concern
 * @param force take what others own and want otherwise
 * @param time given to the manager if it changes anything
 */
public record Apply(Shape type, ObjectNode config, Manager manager, boolean force, String time) {

  private static final String KUBECTL = "kubectl";
  private static final String BEFORE_FIRST_APPLY = "before-first-apply";
  private static final String STATUS = "status";
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** An object and who owns its fields; the object has no managedFields in it yet. */
  public record Result(ObjectNode object, ManagedFields managed) {}

  /** What becomes of an object that is not there yet. */
  public Result toNothing() {
    FieldSet owned = OwnedFields.of(type, config);
    return new Result(config.deepCopy(), ManagedFields.NONE.with(manager, time, owned));
  }

  /**
   * What becomes of an object.
   *
   * @param live the object as it is; not changed
   * @throws dev.shiplog.api.status.ApiFailure {@code Conflict} with a cause for each field that
   *     another manager owns
   */
  public Result to(ObjectNode live) {
    ManagedFields known = managersOf(live);
    FieldSet before = known.of(manager);
    FieldSet owned = OwnedFields.of(type, config);
    ManagedFields others = known.without(manager);
    ObjectNode merged = ApplyMerge.merge(type, live, config);
    prune(merged, before, others.all().union(owned));
    Difference difference = Difference.between(type, live, merged);
    requireNoConflict(live, others, difference);
    ManagedFields left =
        others.mapped(fields -> fields.minus(difference.taken()).minus(difference.removed()));
    boolean same = difference.isEmpty() && owned.equals(before);
    String when = same ? timeOf(known) : time;
    return new Result(merged, left.with(manager, when, owned));
  }

  /** Where no owners are known, somebody has written what there is all the same. */
  private ManagedFields managersOf(ObjectNode live) {
    ManagedFields known =
        ManagedFields.read(live.path("metadata").path("managedFields")).orElse(ManagedFields.NONE);
    if (!known.entries().isEmpty()) {
      return known;
    }
    Manager somebody =
        new Manager(
            BEFORE_FIRST_APPLY,
            Manager.Operation.UPDATE,
            manager.apiVersion(),
            manager.subresource());
    Difference all = Difference.between(type, type.nothing(), written(live));
    return ManagedFields.NONE.with(somebody, time, all.taken());
  }

  /** What is written where this configuration is applied. */
  private ObjectNode written(ObjectNode live) {
    ObjectNode part = live.deepCopy();
    return switch (manager.subresource()) {
      case "" -> part.without(STATUS);
      case STATUS -> part.retain(STATUS);
      default -> part.removeAll();
    };
  }

  /** Takes out what this manager alone set before and does not mention any more. */
  private void prune(ObjectNode merged, FieldSet before, FieldSet stillOwned) {
    FieldSet dropped =
        OwnedFields.withNamedFields(type, before)
            .minus(OwnedFields.withNamedFields(type, stillOwned));
    FieldRemoval.remove(type, merged, dropped);
  }

  private String timeOf(ManagedFields known) {
    return known.entries().stream()
        .filter(entry -> entry.manager().isSame(manager))
        .map(ManagedFields.Entry::time)
        .findFirst()
        .orElse(time);
  }

  private void requireNoConflict(ObjectNode live, ManagedFields others, Difference difference) {
    if (force) {
      return;
    }
    Conflicts conflicts = Ownership.conflicts(others, difference);
    if (!conflicts.isEmpty() && manager.name().equals(KUBECTL)) {
      conflicts = without(conflicts, live, lastApplied(live));
    }
    if (!conflicts.isEmpty()) {
      throw conflicts.failure();
    }
  }

  /**
   * What kubectl set by applying on its own side is its own, as long as nobody has set it otherwise
   * since: an object may move to server-side apply without conflicts.
   */
  private Conflicts without(
      Conflicts conflicts, ObjectNode live, Optional<ObjectNode> lastApplied) {
    if (lastApplied.isEmpty()) {
      return conflicts;
    }
    Difference since = Difference.between(type, lastApplied.get(), live);
    FieldSet own =
        OwnedFields.of(type, lastApplied.get()).minus(since.taken()).minus(since.removed());
    Map<Manager, FieldSet> rest = new LinkedHashMap<>();
    conflicts
        .paths()
        .forEach((owner, fields) -> {
          FieldSet left = fields.minus(own);
          if (!left.isEmpty()) {
            rest.put(owner, left);
          }
        });
    return new Conflicts(rest);
  }

  private static Optional<ObjectNode> lastApplied(ObjectNode live) {
    JsonNode text = live.path("metadata").path("annotations").path(LAST_APPLIED);
    try {
      return text.isTextual() && MAPPER.readTree(text.textValue()) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException notReadable) {
      return Optional.empty();
    }
  }
}
