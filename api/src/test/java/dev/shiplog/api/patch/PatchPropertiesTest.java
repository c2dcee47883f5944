package dev.shiplog.api.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.ownership.Apply;
import dev.shiplog.api.ownership.Manager;
import dev.shiplog.api.ownership.Ownership;
import dev.shiplog.api.ownership.Shape;
import dev.shiplog.api.schema.RandomObjects;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.types.Field;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.schema.types.ValueType.ListOf;
import dev.shiplog.api.schema.types.ValueType.Struct;
import dev.shiplog.topics.record.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of any two objects of a kind. Each kind has its seed, so a failure comes again. */
final class PatchPropertiesTest {

  private static final int OF_EACH_KIND = 12;

  static Stream<ResourceType> kinds() {
    return ResourceCatalogue.builtIn().all().stream();
  }

  private record Pair(TypeDefinition type, ObjectNode from, ObjectNode to) {}

  private static List<Pair> pairs(ResourceType kind) {
    RandomObjects objects = new RandomObjects(kind.toString().hashCode());
    Random random = new Random(kind.toString().hashCode());
    TypeDefinition type = TypeCatalogue.builtIn().get(kind.typeName());
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < OF_EACH_KIND; i++) {
      ObjectNode from = distinct(settled(objects.of(kind)), type);
      ObjectNode to = mixed(from, distinct(settled(objects.of(kind)), type), random);
      pairs.add(new Pair(type, from, distinct(to, type)));
    }
    return pairs;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theStrategicDifferenceLeadsFromOneToTheOther(ResourceType kind) {
    for (Pair pair : pairs(kind)) {
      ObjectNode difference = StrategicDifference.of(pair.from(), pair.to(), pair.type());

      ObjectNode patched =
          Patch.parse(PatchType.STRATEGIC_MERGE, Json.bytes(difference))
              .applyTo(pair.from(), pair.type());

      assertThat(patched).as("patched with %s", difference).isEqualTo(pair.to());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theMergeDifferenceLeadsFromOneToTheOther(ResourceType kind) {
    for (Pair pair : pairs(kind)) {
      // Without a type no list is merged.
      ObjectNode difference = StrategicDifference.of(pair.from(), pair.to(), null);

      ObjectNode patched =
          Patch.parse(PatchType.MERGE, Json.bytes(difference)).applyTo(pair.from(), pair.type());

      assertThat(patched).as("patched with %s", difference).isEqualTo(pair.to());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void applyingTwiceIsApplyingOnce(ResourceType kind) {
    Shape shape = Shape.of(new Struct(kind.typeName(), TypeCatalogue.builtIn()));
    for (Pair pair : pairs(kind)) {
      ObjectNode config = withoutOwners(pair.to());
      ObjectNode live = withoutOwners(pair.from());
      Manager manager = Manager.applying("one", kind.apiVersion(), "");
      Ownership.ofNew(
          shape,
          live,
          Manager.updating("other", "", kind.apiVersion(), ""),
          "2026-01-01T00:00:00Z");

      ObjectNode once = applied(shape, config, manager, "2026-01-02T00:00:00Z", live);
      ObjectNode twice = applied(shape, config, manager, "2026-01-03T00:00:00Z", once);

      assertThat(twice).isEqualTo(once);
    }
  }

  private static ObjectNode applied(
      Shape shape, ObjectNode config, Manager manager, String time, ObjectNode live) {
    Apply.Result result =
        new Apply(shape, config.deepCopy(), manager, true, time).to(live.deepCopy());
    Ownership.set(result.object(), result.managed());
    return result.object();
  }

  private static ObjectNode withoutOwners(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    copy.remove("status");
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    return copy;
  }

  /** As it comes from a body, without nulls: to a patch they mean that something goes. */
  private static ObjectNode settled(ObjectNode object) {
    return (ObjectNode) withoutNulls(Json.read(Json.bytes(object), ObjectNode.class));
  }

  private static JsonNode withoutNulls(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.removeIf(JsonNode::isNull);
    }
    node.forEach(PatchPropertiesTest::withoutNulls);
    return node;
  }

  /** Parts of one object and parts of the other, in all depths. */
  private static ObjectNode mixed(ObjectNode one, ObjectNode other, Random random) {
    ObjectNode mixed = one.deepCopy();
    other
        .properties()
        .forEach(e -> {
          JsonNode mine = mixed.get(e.getKey());
          switch (random.nextInt(4)) {
            case 0 -> mixed.set(e.getKey(), e.getValue().deepCopy());
            case 1 -> {
              if (mine instanceof ObjectNode object && e.getValue() instanceof ObjectNode theirs) {
                mixed.set(e.getKey(), mixed(object, theirs, random));
              } else if (mine instanceof ArrayNode list
                  && e.getValue() instanceof ArrayNode theirs) {
                list.addAll(theirs.deepCopy());
              }
            }
            case 2 -> {
              if (!Set.of("apiVersion", "kind").contains(e.getKey())) {
                mixed.remove(e.getKey());
              }
            }
            default -> {}
          }
        });
    return mixed;
  }

  /** Lists that are merged by a key hold each key once, as they should. */
  private static ObjectNode distinct(ObjectNode object, TypeDefinition type) {
    for (Field field : type.fields()) {
      JsonNode value = object.get(field.name());
      if (field.type() instanceof Struct struct && value instanceof ObjectNode part) {
        distinct(part, struct.definition());
      } else if (field.type() instanceof ListOf list && value instanceof ArrayNode items) {
        distinct(items, keys(type, field), list);
      }
    }
    return object;
  }

  private static void distinct(ArrayNode items, List<String> keys, ListOf list) {
    Set<Object> seen = new HashSet<>();
    int number = 0;
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.get(i);
      if (list.items() instanceof Struct struct && item instanceof ObjectNode object) {
        distinct(object, struct.definition());
        for (String key : keys) {
          if (!object.hasNonNull(key)) {
            object.put(key, "key-" + number++);
          }
        }
      }
      Object identity = keys.isEmpty() ? item : keys.stream().map(item::get).toList();
      if (!seen.add(identity)) {
        items.remove(i--);
      }
    }
  }

  /** What tells the items of a list apart, to a patch if it merges them, to an apply otherwise. */
  private static List<String> keys(TypeDefinition type, Field field) {
    if (!field.patchMergeKey().isEmpty()) {
      return List.of(field.patchMergeKey());
    }
    List<String> keys = new ArrayList<>();
    type.facts()
        .path("fields")
        .path(field.name())
        .path("listMapKeys")
        .forEach(key -> keys.add(key.asText()));
    return keys;
  }
}
