package dev.shiplog.api.schema.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The rules of one kind.
 *
 * @param names form of its objects' names
 * @param always what holds for every object of it, new or changed
 * @param onCreate what holds for a new one besides
 * @param onUpdate what holds for a change besides
 * @param onPart what holds instead for a change through a subresource, by its name
 */
record KindRules(
    Names.Form names,
    BiConsumer<ObjectNode, Causes> always,
    BiConsumer<ObjectNode, Causes> onCreate,
    Change onUpdate,
    Map<String, Change> onPart) {

  /** A rule about an object and what it was before. */
  @FunctionalInterface
  interface Change {
    void check(ObjectNode object, ObjectNode old, Causes causes);
  }

  /** For a kind of which only the data says something. */
  static final KindRules NONE =
      new KindRules(Names::subdomain, (o, c) -> {}, (o, c) -> {}, (o, old, c) -> {}, Map.of());

  KindRules named(Names.Form form) {
    return new KindRules(form, always, onCreate, onUpdate, onPart);
  }

  KindRules always(BiConsumer<ObjectNode, Causes> rule) {
    return new KindRules(names, always.andThen(rule), onCreate, onUpdate, onPart);
  }

  KindRules onCreate(BiConsumer<ObjectNode, Causes> rule) {
    return new KindRules(names, always, onCreate.andThen(rule), onUpdate, onPart);
  }

  KindRules onUpdate(Change rule) {
    Change before = onUpdate;
    return new KindRules(
        names,
        always,
        onCreate,
        (object, old, causes) -> {
          before.check(object, old, causes);
          rule.check(object, old, causes);
        },
        onPart);
  }

  /** A subresource through which a part may be changed that else may not. */
  KindRules onPart(String subresource, Change rule) {
    Map<String, Change> parts = new HashMap<>(onPart);
    parts.put(subresource, rule);
    return new KindRules(names, always, onCreate, onUpdate, Map.copyOf(parts));
  }
}
