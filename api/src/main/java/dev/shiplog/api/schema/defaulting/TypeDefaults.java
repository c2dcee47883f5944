package dev.shiplog.api.schema.defaulting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The defaults of one type: constant values, and rules that look at the other fields. */
final class TypeDefaults {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final List<Consumer<ObjectNode>> steps = new ArrayList<>();

  TypeDefaults value(String field, String value) {
    return constant(field, NODES.textNode(value));
  }

  TypeDefaults value(String field, int value) {
    return constant(field, NODES.numberNode(value));
  }

  TypeDefaults value(String field, boolean value) {
    return constant(field, NODES.booleanNode(value));
  }

  TypeDefaults emptyObject(String field) {
    return constant(field, NODES.objectNode());
  }

  /** A rule of its own; steps are taken in the order in which they are given. */
  TypeDefaults rule(Consumer<ObjectNode> rule) {
    steps.add(rule);
    return this;
  }

  void apply(ObjectNode object) {
    steps.forEach(step -> step.accept(object));
  }

  private TypeDefaults constant(String field, JsonNode value) {
    return rule(object -> Defaults.setIfAbsent(object, field, value));
  }
}
