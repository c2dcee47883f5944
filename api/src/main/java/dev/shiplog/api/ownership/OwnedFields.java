package dev.shiplog.api.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.status.Failures;
import java.util.Map;
import java.util.Set;

/** The set of fields that an applied configuration claims. */
final class OwnedFields {

  /** What the server says of an object belongs to no manager. */
  static final Set<String> OF_NOBODY =
      Set.of(
          "name",
          "namespace",
          "creationTimestamp",
          "selfLink",
          "uid",
          "clusterName",
          "generation",
          "managedFields",
          "resourceVersion");

  private OwnedFields() {}

  /**
   * The fields of a configuration.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code BadRequest} if a list has an item twice
   */
  static FieldSet of(Shape type, ObjectNode object) {
    ObjectNode tree = FieldSet.node();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      switch (field.getKey()) {
        case "apiVersion", "kind" -> {}
        case "metadata" -> addMetadata(type, field.getValue(), tree);
        default -> addEntry(type, field.getKey(), field.getValue(), tree);
      }
    }
    return FieldSet.of(tree);
  }

  private static void addMetadata(Shape type, JsonNode metadata, ObjectNode tree) {
    ObjectNode inner = FieldSet.node();
    Shape metadataType = type.entry("metadata");
    for (Map.Entry<String, JsonNode> field : metadata.properties()) {
      if (!OF_NOBODY.contains(field.getKey())) {
        addEntry(metadataType, field.getKey(), field.getValue(), inner);
      }
    }
    if (!inner.isEmpty()) {
      tree.set(FieldSet.FIELD + "metadata", inner);
    }
  }

  private static void addEntry(Shape owner, String name, JsonNode value, ObjectNode into) {
    boolean named = owner.names(name);
    ObjectNode node = paths(owner.entry(name), value, !named || isBare(value));
    if (node != null) {
      into.set(FieldSet.FIELD + name, node);
    }
  }

  private static boolean isBare(JsonNode value) {
    return value.isNull() || Items.isEmptyObject(value);
  }

  /** The node of a value and what is below it; null if nothing of it is in the set. */
  static ObjectNode paths(Shape type, JsonNode value, boolean member) {
    if (type.isWhole(value)) {
      return FieldSet.LEAF;
    }
    ObjectNode children = FieldSet.node();
    if (type.isList()) {
      addItems(type, value, children);
    } else {
      value.properties().forEach(e -> addEntry(type, e.getKey(), e.getValue(), children));
    }
    if (children.isEmpty()) {
      return member ? FieldSet.LEAF : null;
    }
    if (!member) {
      return children;
    }
    ObjectNode node = FieldSet.node();
    node.set(FieldSet.SELF, FieldSet.LEAF);
    return node.setAll(children);
  }

  private static void addItems(Shape type, JsonNode list, ObjectNode into) {
    for (JsonNode item : list) {
      String identity = Items.identity(type, item);
      if (into.has(identity)) {
        throw Failures.badRequest(
            "the applied configuration has two items " + identity.substring(2) + " in one list");
      }
      ObjectNode node = paths(type.items(), item, true);
      into.set(identity, node);
    }
  }

  /** The set with every field on the way to a path of it, list items and map entries aside. */
  static FieldSet withNamedFields(Shape type, FieldSet set) {
    return FieldSet.of(withNamedFields(type, set.tree()));
  }

  private static ObjectNode withNamedFields(Shape type, JsonNode node) {
    ObjectNode result = FieldSet.node();
    for (Map.Entry<String, JsonNode> child : node.properties()) {
      String element = child.getKey();
      if (element.equals(FieldSet.SELF) || child.getValue().isEmpty()) {
        result.set(element, child.getValue());
        continue;
      }
      boolean field = element.startsWith(FieldSet.FIELD);
      String name = element.substring(2);
      ObjectNode inner =
          withNamedFields(field ? type.entry(name) : itemType(type), child.getValue());
      if (field && type.names(name)) {
        inner.set(FieldSet.SELF, FieldSet.LEAF);
      }
      result.set(element, inner);
    }
    return result;
  }

  private static Shape itemType(Shape type) {
    return type.isList() ? type.items() : type;
  }
}
