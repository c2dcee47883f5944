package dev.shiplog.api.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * A set of paths into objects of one type, kept as the very tree that FieldsV1 writes: {@code
 * f:name} is a field, {@code k:{…}} an item of a list by its keys, {@code v:…} an item by itself,
 * an empty node a path that belongs to the set, and {@code .} says that a node with paths below it
 * belongs to it too. So a stored set is used without reading it, and what an operation does not
 * touch is shared. Immutable.
 */
public final class FieldSet {

  /** A path with none below it. Most of a set are such, so they share one node. */
  static final ObjectNode LEAF = node();

  static final FieldSet EMPTY = new FieldSet(LEAF);
  static final String SELF = ".";
  static final String FIELD = "f:";

  private final ObjectNode tree;

  private FieldSet(ObjectNode tree) {
    this.tree = tree;
  }

  /**
   * The set a FieldsV1 stands for.
   *
   * @param fields must not be changed any more
   */
  static FieldSet of(ObjectNode fields) {
    return new FieldSet(fields);
  }

  /** The set as FieldsV1. Shared: do not change. */
  ObjectNode tree() {
    return tree;
  }

  boolean isEmpty() {
    return tree.isEmpty();
  }

  FieldSet union(FieldSet other) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    return new FieldSet(union(tree, other.tree));
  }

  FieldSet minus(FieldSet other) {
    return isEmpty() || other.isEmpty() ? this : orEmpty(minus(tree, other.tree, false));
  }

  FieldSet intersection(FieldSet other) {
    return isEmpty() || other.isEmpty() ? EMPTY : orEmpty(intersection(tree, other.tree, false));
  }

  /** Whether a node of the tree is itself a path of the set. */
  static boolean isMember(JsonNode node) {
    return node != null && (node.isEmpty() || node.has(SELF));
  }

  static ObjectNode node() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static FieldSet orEmpty(ObjectNode tree) {
    return tree == null ? EMPTY : new FieldSet(tree);
  }

  private static ObjectNode union(JsonNode one, JsonNode other) {
    ObjectNode result = node();
    boolean childless = leaf(one) && leaf(other);
    if (!childless && (leaf(one) || leaf(other) || one.has(SELF) || other.has(SELF))) {
      result.set(SELF, LEAF);
    }
    for (Map.Entry<String, JsonNode> child : one.properties()) {
      JsonNode same = other.get(child.getKey());
      result.set(child.getKey(), same == null ? child.getValue() : union(child.getValue(), same));
    }
    for (Map.Entry<String, JsonNode> child : other.properties()) {
      if (!one.has(child.getKey())) {
        result.set(child.getKey(), child.getValue());
      }
    }
    return result;
  }

  private static boolean leaf(JsonNode node) {
    return node.isEmpty();
  }

  /** Null if nothing is left. */
  private static ObjectNode minus(JsonNode one, JsonNode other, boolean inner) {
    ObjectNode children = node();
    for (Map.Entry<String, JsonNode> child : one.properties()) {
      if (child.getKey().equals(SELF)) {
        continue;
      }
      JsonNode same = other.get(child.getKey());
      JsonNode rest = same == null ? child.getValue() : minus(child.getValue(), same, true);
      if (rest != null) {
        children.set(child.getKey(), rest);
      }
    }
    return withSelf(children, inner && isMember(one) && !isMember(other));
  }

  /** Null if nothing is in both. */
  private static ObjectNode intersection(JsonNode one, JsonNode other, boolean inner) {
    ObjectNode children = node();
    for (Map.Entry<String, JsonNode> child : one.properties()) {
      JsonNode same = other.get(child.getKey());
      if (same == null || child.getKey().equals(SELF)) {
        continue;
      }
      JsonNode both = intersection(child.getValue(), same, true);
      if (both != null) {
        children.set(child.getKey(), both);
      }
    }
    return withSelf(children, inner && isMember(one) && isMember(other));
  }

  private static ObjectNode withSelf(ObjectNode children, boolean member) {
    if (children.isEmpty()) {
      return member ? children : null;
    }
    if (!member) {
      return children;
    }
    ObjectNode result = node();
    result.set(SELF, LEAF);
    return result.setAll(children);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldSet set && tree.equals(set.tree);
  }

  @Override
  public int hashCode() {
    return tree.hashCode();
  }

  @Override
  public String toString() {
    return tree.toString();
  }
}
