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
    CelRules rules =
        new Compiler(new Causes(), null).compile(schema, "Object", true, FieldPath.ROOT);
    return rules == null ? NONE : rules;
  }

  /**
   * What is wrong with the rules themselves.
   *
   * @param known whether they were accepted before, and each of them therefore may cost what it
   *     does
   */
  static void check(CustomSchema schema, FieldPath path, boolean known, Causes causes) {
    CelCosts costs = new CelCosts(known, causes);
    var _ = new Compiler(causes, costs).compile(schema, "Object", true, path);
    costs.judge(path);
  }

  boolean isEmpty() {
    return this == NONE;
  }

  /** Judges an object; {@code before} is null for a new one. */
  void check(JsonNode value, JsonNode before, Causes causes) {
    check(value, before, FieldPath.ROOT, new CelBudget(), causes);
  }

  private void check(
      JsonNode value, JsonNode before, FieldPath path, CelBudget budget, Causes causes) {
    here.forEach(rule -> rule.check(schema, value, before, path, budget, causes));
    switch (value) {
      case ObjectNode object -> {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
          String name = field.getKey();
          CelRules child = properties.getOrDefault(name, additional);
          if (child != null && (schema.properties().containsKey(name) || child == additional)) {
            JsonNode old = before == null ? null : before.get(name);
            boolean property = properties.containsKey(name);
            FieldPath place = property ? path.child(name) : path.key(name);
            child.check(field.getValue(), old, place, budget, causes);
          }
        }
      }
      case ArrayNode list when items != null -> {
        UnaryOperator<JsonNode> counterparts = schema.counterparts(before);
        for (int i = 0; i < list.size(); i++) {
          JsonNode old = counterparts.apply(list.get(i));
          items.check(list.get(i), old, path.index(i), budget, causes);
        }
      }
      default -> {} // nothing inside
    }
  }

  /** Makes the rules of one schema; gives null where there are none. */
  private static final class Compiler {

    private final CelTypes types = new CelTypes();
    private final Causes causes;
    private final CelCosts costs;

    /**
     * Begins with a schema.
     *
     * @param costs null if nobody asks what the rules cost
     */
    Compiler(Causes causes, CelCosts costs) {
      this.causes = causes;
      this.costs = costs;
    }

    CelRules compile(CustomSchema schema, String name, boolean root, FieldPath path) {
      return compile(schema, new Spot(name, root, path, null, 1));
    }

    private CelRules compile(CustomSchema schema, Spot at) {
      List<CelRule> here = new ArrayList<>();
      if (!schema.rules().isEmpty()) {
        here.addAll(compileHere(schema, at));
      }
      Map<String, CelRules> properties = new HashMap<>();
      schema
          .properties()
          .forEach((field, child) -> {
            CelRules rules = compile(child, at.property(field));
            if (rules != null) {
              properties.put(field, rules);
            }
          });
      CelRules additional =
          schema.additional() == null ? null : compile(schema.additional(), at.value(schema));
      CelRules items = schema.items() == null ? null : compile(schema.items(), at.item(schema));
      boolean empty = here.isEmpty() && properties.isEmpty() && additional == null && items == null;
      return empty ? null : new CelRules(schema, here, properties, additional, items);
    }

    private List<CelRule> compileHere(CustomSchema schema, Spot at) {
      CelType self = types.of(schema, at.name, at.root);
      CelCosts.Place place = costs == null ? null : costs.at(schema, at.root, at.times);
      List<CelRule> rules = new ArrayList<>();
      FieldPath list = at.path.child("x-kubernetes-validations");
      for (int i = 0; i < schema.rules().size(); i++) {
        JsonNode facts = schema.rules().get(i);
        boolean optional = facts.path("optionalOldSelf").asBoolean(false);
        Cel cel =
            CelLibrary.builder()
                .setTypeProvider(types.provider())
                .addVar("self", self)
                .addVar("oldSelf", optional ? OptionalType.create(self) : self)
                .build();
        CelRule rule = CelRule.compile(cel, facts, list.index(i), causes, place);
        rule.checkFacts(schema, list.index(i), at.within, causes);
        rules.add(rule);
      }
      return rules;
    }
  }

  /**
   * Where a schema stands.
   *
   * @param within path of the list whose items are not told apart from one state to the next; null
   *     if every place has one before it
   * @param times how often an object has a value there at most; {@link CelCosts#ANY_NUMBER}
   */
  private record Spot(String name, boolean root, FieldPath path, FieldPath within, long times) {

    Spot property(String field) {
      return new Spot(
          name + "." + field, false, path.child("properties").key(field), within, times);
    }

    Spot value(CustomSchema of) {
      long most = CelCosts.times(times, of, "maxProperties");
      return new Spot(name + ".value", false, path.child("additionalProperties"), within, most);
    }

    Spot item(CustomSchema of) {
      boolean toldApart = within != null || of.listType().equals("map");
      return new Spot(
          name + ".item",
          false,
          path.child("items"),
          toldApart ? within : path,
          CelCosts.times(times, of, "maxItems"));
    }
  }
}
