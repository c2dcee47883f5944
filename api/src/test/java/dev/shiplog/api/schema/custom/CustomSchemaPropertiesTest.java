package dev.shiplog.api.schema.custom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.GroupVersion;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds of any schema, and of values made after it. Seeded, so a failure comes again. */
final class CustomSchemaPropertiesTest {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int SCHEMAS = 200;
  private static final int DEEPEST = 3;

  @Test
  void aSchemaAcceptsWhatWasMadeAfterIt() {
    for (int seed = 0; seed < SCHEMAS; seed++) {
      Random random = new Random(seed);
      ObjectNode schema = object(random, 0);
      ObjectNode value = named((ObjectNode) value(schema, random));

      assertThat(version(schema).validate(value, null))
          .as("seed %d: %s of %s", seed, value, schema)
          .isEmpty();
    }
  }

  @Test
  void aSchemaRefusesAValueOfAnotherType() {
    for (int seed = 0; seed < SCHEMAS; seed++) {
      Random random = new Random(seed);
      ObjectNode schema = object(random, 0);
      ObjectNode value = named((ObjectNode) value(schema, random));
      // No field is of this type in any of the schemas.
      value.put("f0", 0.5);

      assertThat(version(schema).validate(value, null)).as("seed %d", seed).isNotEmpty();
    }
  }

  @Test
  void defaultsMakeAnObjectCompleteOnce() {
    for (int seed = 0; seed < SCHEMAS; seed++) {
      Random random = new Random(seed);
      ObjectNode schema = object(random, 0);
      CustomVersion version = version(schema);
      ObjectNode once = named((ObjectNode) value(schema, random));
      version.fillIn(once);
      ObjectNode twice = once.deepCopy();
      version.fillIn(twice);

      assertThat(twice).as("seed %d", seed).isEqualTo(once);
      assertThat(version.validate(once, null)).as("seed %d", seed).isEmpty();
    }
  }

  private static ObjectNode named(ObjectNode value) {
    value.put("apiVersion", "a.example.com/v1").put("kind", "A");
    value.putObject("metadata").put("name", "a").put("namespace", "default");
    return value;
  }

  private static CustomVersion version(ObjectNode schema) {
    ObjectNode facts = NODES.objectNode().put("name", "v1").put("storage", true);
    facts.putObject("schema").set("openAPIV3Schema", schema);
    return new CustomVersion(new GroupVersion("a.example.com", "v1"), "A", facts);
  }

  private static ObjectNode schema(Random random, int depth) {
    return switch (random.nextInt(depth < DEEPEST ? 6 : 4)) {
      case 0 -> text(random);
      case 1 -> NODES.objectNode().put("type", "boolean");
      case 2 -> number(random);
      case 3 -> choice();
      case 4 -> list(random, depth);
      default -> object(random, depth + 1);
    };
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode schema = NODES.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    int fields = 1 + random.nextInt(4);
    for (int i = 0; i < fields; i++) {
      properties.set("f" + i, schema(random, depth));
    }
    if (random.nextBoolean()) {
      schema.putArray("required").add("f0");
    }
    return schema;
  }

  private static ObjectNode text(Random random) {
    ObjectNode schema = NODES.objectNode().put("type", "string");
    schema.put("minLength", random.nextInt(3)).put("maxLength", 5).put("pattern", "^[a-z]*$");
    return random.nextBoolean() ? schema.put("default", "abc") : schema;
  }

  private static ObjectNode number(Random random) {
    int least = random.nextInt(10);
    return NODES
        .objectNode()
        .put("type", "integer")
        .put("minimum", least)
        .put("maximum", least + 5);
  }

  private static ObjectNode choice() {
    ObjectNode schema = NODES.objectNode().put("type", "string");
    schema.putArray("enum").add("red").add("green");
    return schema;
  }

  private static ObjectNode list(Random random, int depth) {
    ObjectNode schema = NODES.objectNode().put("type", "array").put("maxItems", 3);
    schema.set("items", schema(random, depth + 1));
    return schema;
  }

  private static JsonNode value(JsonNode schema, Random random) {
    return switch (schema.path("type").asText()) {
      case "boolean" -> NODES.booleanNode(random.nextBoolean());
      case "integer" -> NODES.numberNode(schema.path("minimum").asInt() + random.nextInt(6));
      case "string" ->
          schema.has("enum")
              ? schema.path("enum").get(random.nextInt(2))
              : NODES.textNode("abcde".substring(0, 2 + random.nextInt(4)));
      case "array" -> items(schema, random);
      default -> fields(schema, random);
    };
  }

  private static JsonNode items(JsonNode schema, Random random) {
    ArrayNode items = NODES.arrayNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      items.add(value(schema.path("items"), random));
    }
    return items;
  }

  private static JsonNode fields(JsonNode schema, Random random) {
    ObjectNode object = NODES.objectNode();
    schema
        .path("properties")
        .properties()
        .forEach(e -> {
          boolean required = List.of("f0").contains(e.getKey()) && schema.has("required");
          if (required || random.nextBoolean()) {
            object.set(e.getKey(), value(e.getValue(), random));
          }
        });
    return object;
  }
}
