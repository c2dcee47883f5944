package dev.shiplog.api.schema.defaulting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
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

  /** Of a number that is always there, so that zero stands for none. */
  TypeDefaults valueOfZero(String field, int value) {
    return rule(object -> {
      if (object.path(field).asInt() == 0) {
        object.put(field, value);
      }
    });
  }

  /** The same of a text. */
  TypeDefaults valueOfEmpty(String field, String value) {
    return rule(object -> {
      if (Trees.empty(object, field)) {
        object.put(field, value);
      }
    });
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
