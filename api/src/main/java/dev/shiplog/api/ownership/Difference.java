package dev.shiplog.api.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * What a write changed. Every write passes here, so one walk over both states makes both sets, and
 * lists that are equal are not taken apart.
 *
 * @param taken fields that are new or have another value
 * @param removed fields that are gone
 */
record Difference(FieldSet taken, FieldSet removed) {

  boolean isEmpty() {
    return taken.isEmpty() && removed.isEmpty();
  }

  /** Compares two states of an object, without what belongs to nobody. */
  static Difference between(Shape type, ObjectNode before, ObjectNode after) {
    Sides root = new Sides();
    root.entries(type, before, after, Set.of("apiVersion", "kind", "metadata"));
    Sides metadata = new Sides();
    metadata.entries(
        type.entry("metadata"),
        before.get("metadata"),
        after.get("metadata"),
        OwnedFields.OF_NOBODY);
    root.attach("f:metadata", metadata, false, false);
    return new Difference(set(root.taken), set(root.removed));
  }

  private static FieldSet set(ObjectNode tree) {
    return tree == null ? FieldSet.EMPTY : FieldSet.of(tree);
  }

  /** The nodes of both sets for one place in the object; one that stays null is empty. */
  private static final class Sides {

    private ObjectNode taken;
    private ObjectNode removed;

    private void take(String element, ObjectNode node) {
      taken = taken == null ? FieldSet.node() : taken;
      taken.set(element, node);
    }

    private void remove(String element, ObjectNode node) {
      removed = removed == null ? FieldSet.node() : removed;
      removed.set(element, node);
    }

    void entries(Shape type, JsonNode before, JsonNode after, Set<String> without) {
      if (after != null) {
        for (Map.Entry<String, JsonNode> entry : after.properties()) {
          String name = entry.getKey();
          if (!without.contains(name)) {
            JsonNode was = before == null ? null : before.get(name);
            value(FieldSet.FIELD + name, type.entry(name), was, entry.getValue());
          }
        }
      }
      if (before != null) {
        for (Map.Entry<String, JsonNode> entry : before.properties()) {
          String name = entry.getKey();
          if (!without.contains(name) && (after == null || !after.has(name))) {
            value(FieldSet.FIELD + name, type.entry(name), entry.getValue(), null);
          }
        }
      }
    }

    /** Compares one value; null stands for one that is not there. */
    private void value(String element, Shape type, JsonNode before, JsonNode after) {
      if (Items.isUnset(before) && Items.isUnset(after)) {
        return;
      }
      if (isLeaf(type, before, after)) {
        leaf(element, before, after);
        return;
      }
      Sides inner = new Sides();
      if (type.isList()) {
        inner.items(type, before, after);
      } else {
        inner.entries(type, before, after, Set.of());
      }
      attach(element, inner, before == null, after == null);
    }

    private void leaf(String element, JsonNode before, JsonNode after) {
      if (Items.isUnset(after)) {
        remove(element, FieldSet.LEAF);
      } else if (!after.equals(before)) {
        take(element, FieldSet.LEAF);
      }
    }

    private void items(Shape type, JsonNode before, JsonNode after) {
      if (before != null && before.equals(after)) {
        return;
      }
      Map<String, JsonNode> was = byIdentity(type, before);
      Map<String, JsonNode> is = byIdentity(type, after);
      is.forEach((identity, item) -> value(identity, type.items(), was.get(identity), item));
      was.forEach((identity, item) -> {
        if (!is.containsKey(identity)) {
          value(identity, type.items(), item, null);
        }
      });
    }

    private static Map<String, JsonNode> byIdentity(Shape type, JsonNode list) {
      return list instanceof ArrayNode array ? Items.byIdentity(type, array) : Map.of();
    }

    /** Hangs what was found below an element under it. */
    void attach(String element, Sides inner, boolean added, boolean gone) {
      if (inner.taken != null || added) {
        take(element, withSelf(inner.taken, added));
      }
      if (inner.removed != null || gone) {
        remove(element, withSelf(inner.removed, gone));
      }
    }

    private static ObjectNode withSelf(ObjectNode inner, boolean member) {
      if (inner == null || !member) {
        return inner == null ? FieldSet.LEAF : inner;
      }
      ObjectNode node = FieldSet.node();
      node.set(FieldSet.SELF, FieldSet.LEAF);
      return node.setAll(inner);
    }

    /** What is one piece, or has nothing inside on either side. */
    private static boolean isLeaf(Shape type, JsonNode before, JsonNode after) {
      boolean whole =
          (!Items.isUnset(before) && type.isWhole(before))
              || (!Items.isUnset(after) && type.isWhole(after));
      return whole || (isBare(before) && isBare(after));
    }

    private static boolean isBare(JsonNode value) {
      return Items.isUnset(value) || value.isEmpty();
    }
  }
}
