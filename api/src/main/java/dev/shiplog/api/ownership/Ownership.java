package dev.shiplog.api.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps {@code metadata.managedFields} when objects are written. What writers change they own from
 * then on; what they remove nobody owns.
 *
 * <p>Objects are in their storage version, and so are the sets, whatever version a writer speaks:
 * fields keep one name over time.
 */
public final class Ownership {

  private static final String FIELD = "managedFields";

  private Ownership() {}

  /** Sets the managedFields of a new object. */
  public static void ofNew(Shape type, ObjectNode object, Manager manager, String time) {
    ManagedFields known = sent(object).orElse(ManagedFields.NONE);
    ObjectNode nothing = type.nothing();
    put(object, written(known, Difference.between(type, nothing, object), manager, time));
  }

  /**
   * Sets the managedFields of a changed object.
   *
   * @param after changed in place; its managedFields are what the client sent
   * @param asSent whether a client may set them here, as it may through the object itself
   */
  public static void ofChanged(
      Shape type,
      ObjectNode before,
      ObjectNode after,
      Manager manager,
      boolean asSent,
      String time) {
    JsonNode live = before.path("metadata").path(FIELD);
    JsonNode wanted = after.path("metadata").path(FIELD);
    boolean own = asSent && !wanted.isEmpty() && !wanted.equals(live);
    Difference difference = Difference.between(type, before, after);
    if (difference.isEmpty() && !own) {
      put(after, live instanceof ArrayNode array ? array : null);
      return;
    }
    ManagedFields known =
        (own ? sent(after) : Optional.<ManagedFields>empty())
            .or(() -> ManagedFields.read(live))
            .orElse(ManagedFields.NONE);
    put(after, written(known, difference, manager, time));
  }

  /** Sets them as they were decided. */
  static void put(ObjectNode object, ArrayNode managedFields) {
    ObjectNode metadata = object.withObject("/metadata");
    if (managedFields == null) {
      metadata.remove(FIELD);
    } else {
      metadata.set(FIELD, managedFields);
    }
  }

  /** Managed fields of an object that was applied. */
  public static void set(ObjectNode object, ManagedFields managed) {
    put(object, managed.write());
  }

  /** What a client says of them, if that can be read; a list of one empty entry resets them. */
  private static Optional<ManagedFields> sent(ObjectNode object) {
    JsonNode sent = object.path("metadata").path(FIELD);
    if (sent.isEmpty()) {
      return Optional.empty();
    }
    boolean reset = sent.size() == 1 && isBlank(sent.get(0));
    return reset ? Optional.of(ManagedFields.NONE) : ManagedFields.read(sent);
  }

  /** Decoding may have put in what every entry has. */
  private static boolean isBlank(JsonNode entry) {
    for (JsonNode value : entry) {
      if (value.isContainerNode() ? !value.isEmpty() : !value.asText("").isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static ArrayNode written(
      ManagedFields known, Difference difference, Manager manager, String time) {
    ManagedFields left =
        known.mapped(fields -> fields.minus(difference.taken()).minus(difference.removed()));
    if (difference.taken().isEmpty()) {
      return left.write();
    }
    FieldSet owned = left.of(manager).union(difference.taken());
    return left.with(manager, time, owned).capped().write();
  }

  /** What of others' fields a change would take from them. */
  static Conflicts conflicts(ManagedFields others, Difference difference) {
    Map<Manager, FieldSet> conflicts = new LinkedHashMap<>();
    for (ManagedFields.Entry entry : others.entries()) {
      FieldSet common = entry.fields().intersection(difference.taken());
      if (!common.isEmpty()) {
        conflicts.merge(entry.manager(), common, FieldSet::union);
      }
    }
    return new Conflicts(conflicts);
  }
}
