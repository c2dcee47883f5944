package dev.shiplog.api.schema.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.BiConsumer;

/**
 * The rules of one kind.
 *
 * @param names form of its objects' names
 * @param always what holds for every object of it, new or changed
 * @param onCreate what holds for a new one besides
 * @param onUpdate what holds for a change besides
 */
record KindRules(
    Names.Form names,
    BiConsumer<ObjectNode, Causes> always,
    BiConsumer<ObjectNode, Causes> onCreate,
    Change onUpdate) {

  /** A rule about an object and what it was before. */
  @FunctionalInterface
  interface Change {
    void check(ObjectNode object, ObjectNode old, Causes causes);
  }

  /** For a kind of which only the data says something. */
  static final KindRules NONE =
      new KindRules(Names::subdomain, (o, c) -> {}, (o, c) -> {}, (o, old, c) -> {});

  KindRules named(Names.Form form) {
    return new KindRules(form, always, onCreate, onUpdate);
  }

  KindRules always(BiConsumer<ObjectNode, Causes> rule) {
    return new KindRules(names, always.andThen(rule), onCreate, onUpdate);
  }

  KindRules onCreate(BiConsumer<ObjectNode, Causes> rule) {
    return new KindRules(names, always, onCreate.andThen(rule), onUpdate);
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
        });
  }
}
