package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.bundle.Cel;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.shiplog.api.schema.validation.Causes;
import dev.shiplog.api.schema.validation.FieldPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The rules of a schema ({@code x-kubernetes-validations}), at the places they stand. */
final class CelRules {

  private static final CelRules NONE = new CelRules(null, List.of(), Map.of(), null, null);

  private final CustomSchema schema;
  private final List<CelRule> here;
  private final Map<String, CelRules> properties;
  private final CelRules additional;
  private final CelRules items;

  private CelRules(
      CustomSchema schema,
      List<CelRule> here,
      Map<String, CelRules> properties,
      CelRules additional,
      CelRules items) {
    this.schema = schema;
    this.here = here;
    this.properties = properties;
    this.additional = additional;
    this.items = items;
  }

  /** Compiles all rules; one that cannot be compiled fails when it is asked. */
  static CelRules compile(CustomSchema schema) {
    CelRules rules = new Compiler(new Causes()).compile(schema, "Object", true, FieldPath.ROOT);
    return rules == null ? NONE : rules;
  }

  /** What is wrong with the rules themselves. */
  static void check(CustomSchema schema, FieldPath path, Causes causes) {
    var _ = new Compiler(causes).compile(schema, "Object", true, path);
  }

  boolean isEmpty() {
    return this == NONE;
  }

  /** Judges an object; {@code before} is null for a new one. */
  void check(JsonNode value, JsonNode before, Causes causes) {
    check(value, before, FieldPath.ROOT, causes);
  }

  private void check(JsonNode value, JsonNode before, FieldPath path, Causes causes) {
    here.forEach(rule -> rule.check(schema, value, before, path, causes));
    switch (value) {
      case ObjectNode object -> {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
          String name = field.getKey();
          CelRules child = properties.getOrDefault(name, additional);
          if (child != null && (schema.properties().containsKey(name) || child == additional)) {
            JsonNode old = before == null ? null : before.get(name);
            boolean property = properties.containsKey(name);
            child.check(
                field.getValue(), old, property ? path.child(name) : path.key(name), causes);
          }
        }
      }
      case ArrayNode list when items != null -> {
        UnaryOperator<JsonNode> counterparts = schema.counterparts(before);
        for (int i = 0; i < list.size(); i++) {
          JsonNode old = counterparts.apply(list.get(i));
          items.check(list.get(i), old, path.index(i), causes);
        }
      }
      default -> {} // nothing inside
    }
  }

  /** Makes the rules of one schema; gives null where there are none. */
  private static final class Compiler {

    private final CelTypes types = new CelTypes();
    private final Causes causes;

    Compiler(Causes causes) {
      this.causes = causes;
    }

    CelRules compile(CustomSchema schema, String name, boolean root, FieldPath path) {
      return compile(schema, name, root, path, null);
    }

    /**
     * Compiles what stands at a path and below it.
     *
     * @param within path of the list whose items are not told apart from one state to the next;
     *     null if every place has one before it
     */
    private CelRules compile(
        CustomSchema schema, String name, boolean root, FieldPath path, FieldPath within) {
      List<CelRule> here = new ArrayList<>();
      if (!schema.rules().isEmpty()) {
        here.addAll(compileHere(schema, types.of(schema, name, root), path, within));
      }
      Map<String, CelRules> properties = new HashMap<>();
      schema
          .properties()
          .forEach((field, child) -> {
            CelRules rules =
                compile(
                    child, name + "." + field, false, path.child("properties").key(field), within);
            if (rules != null) {
              properties.put(field, rules);
            }
          });
      CelRules additional =
          schema.additional() == null
              ? null
              : compile(
                  schema.additional(),
                  name + ".value",
                  false,
                  path.child("additionalProperties"),
                  within);
      CelRules items =
          schema.items() == null
              ? null
              : compile(
                  schema.items(),
                  name + ".item",
                  false,
                  path.child("items"),
                  within != null || schema.listType().equals("map") ? within : path);
      boolean empty = here.isEmpty() && properties.isEmpty() && additional == null && items == null;
      return empty ? null : new CelRules(schema, here, properties, additional, items);
    }

    private List<CelRule> compileHere(
        CustomSchema schema, CelType self, FieldPath path, FieldPath within) {
      List<CelRule> rules = new ArrayList<>();
      FieldPath list = path.child("x-kubernetes-validations");
      for (int i = 0; i < schema.rules().size(); i++) {
        JsonNode facts = schema.rules().get(i);
        boolean optional = facts.path("optionalOldSelf").asBoolean(false);
        Cel cel =
            CelLibrary.builder()
                .setTypeProvider(types.provider())
                .addVar("self", self)
                .addVar("oldSelf", optional ? OptionalType.create(self) : self)
                .build();
        CelRule rule = CelRule.compile(cel, facts, list.index(i), causes);
        rule.checkFacts(schema, list.index(i), within, causes);
        rules.add(rule);
      }
      return rules;
    }
  }
}
