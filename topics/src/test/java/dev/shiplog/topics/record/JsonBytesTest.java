package dev.shiplog.topics.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBytesTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void findsTextAtAPath() {
    byte[] pod =
        utf8("{\"a\":{\"nodeName\":\"x\"},\"spec\":{\"n\":[1,{\"q\":2}],\"nodeName\":\"n1\"}}");
    assertThat(JsonBytes.text(pod, "spec", "nodeName")).contains("n1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"spec\":{}}",
        "{\"spec\":{\"nodeName\":3}}",
        "{\"spec\":\"nodeName\"}",
        "{\"metadata\":{\"spec\":{\"nodeName\":\"x\"}}}",
        "[]",
        "",
        "{\"spec\"",
        "{\"spec\":{\"nodeName\":"
      })
  void findsNothingWhereNothingIs(String json) {
    assertThat(JsonBytes.text(utf8(json), "spec", "nodeName")).isEmpty();
  }

  @Test
  void saysWhereAValueIs() {
    byte[] json = utf8("{\"ä\":0, \"a\": {\"b\":[1,{\"c\":\"]\"}] ,\"d\":2}}");
    assertThat(JsonBytes.json(json, "a", "b")).contains("[1,{\"c\":\"]\"}]");
    assertThat(JsonBytes.json(json, "a", "d")).contains("2");
    assertThat(JsonBytes.json(json, "b")).isEmpty();
    assertThat(JsonBytes.startOf(json, "a", "d")).isEqualTo(json.length - 3);
    assertThat(JsonBytes.startOf(json, "d")).isNegative();
    assertThat(JsonBytes.has(json, "ä")).isTrue();
    assertThat(JsonBytes.has(json, "c")).isFalse();
  }

  @Test
  void readsEscapesInText() {
    assertThat(JsonBytes.text(utf8("{\"q\\\"\":1,\"a\":\"x\\\"\\u00e4ö\\\\\"}"), "a"))
        .contains("x\"äö\\");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"metadata\":{\"managedFields\":[{\"k:{\\\"ip\\\":\\\"1}\\\"}\":{}}]}}",
        "{\"metadata\":{\"managedFields\":[],\"name\":\"a\"}}",
        "{\"metadata\":{\"name\":\"a\",\"managedFields\":null,\"uid\":\"u\"},\"spec\":{}}",
        "{ \"metadata\" : { \"name\" : \"a\" , \"managedFields\" : [ ] } , \"spec\" : 1.5 }",
        "{\"metadata\":{\"managedFields\":true , \"b\":-1e3}}"
      })
  void takesAFieldOut(String json) throws Exception {
    ObjectNode expected = (ObjectNode) MAPPER.readTree(json);
    ((ObjectNode) expected.get("metadata")).remove("managedFields");
    assertThat(tree(JsonBytes.withoutManagedFields(utf8(json)))).isEqualTo(expected);
  }

  @Test
  void leavesBytesWithoutTheFieldAsTheyAre() {
    byte[] bytes = utf8("{\"managedFields\":1,\"metadata\":{\"a\":{\"managedFields\":1}}}");
    assertThat(JsonBytes.withoutManagedFields(bytes)).isSameAs(bytes);
  }

  @Test
  void doesWithAnyObjectWhatAParserWould() throws Exception {
    Random dice = new Random(7);
    for (int i = 0; i < 3000; i++) {
      ObjectNode object = object(dice, 3);
      byte[] bytes =
          dice.nextBoolean() ? MAPPER.writeValueAsBytes(object) : utf8(object.toPrettyString());
      if (object.path("a") instanceof ObjectNode inner) {
        inner.remove("b\"");
      }
      assertThat(tree(JsonBytes.without(bytes, "a", "b\\\""))).isEqualTo(object);
    }
  }

  @Test
  void endsOnAnyBytes() {
    Random dice = new Random(11);
    byte[] bytes =
        utf8("{\"metadata\":{\"a\":[1,{\"x\":\"\\\"\"}],\"managedFields\":[{}],\"b\":2}}");
    for (int length = 0; length < bytes.length; length++) {
      byte[] torn = Arrays.copyOf(bytes, length);
      assertThat(JsonBytes.withoutManagedFields(torn)).isNotNull();
      byte[] garbled = bytes.clone();
      garbled[length] = (byte) dice.nextInt();
      assertThat(JsonBytes.withoutManagedFields(garbled)).isNotNull();
    }
  }

  private static ObjectNode object(Random dice, int depth) {
    ObjectNode object = MAPPER.createObjectNode();
    for (String name : new String[] {"c", "a", "b\"", "ä}", "\\"}) {
      if (dice.nextBoolean()) {
        object.set(name, value(dice, depth));
      }
    }
    return object;
  }

  private static JsonNode value(Random dice, int depth) {
    return switch (dice.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> MAPPER.getNodeFactory().textNode("]\\\"}, \uD83D\uDE00");
      case 1 -> MAPPER.getNodeFactory().numberNode(dice.nextInt());
      case 2 -> MAPPER.nullNode();
      case 3 -> MAPPER.createArrayNode();
      case 4 -> MAPPER.getNodeFactory().booleanNode(true);
      case 5 -> MAPPER.createArrayNode().add(value(dice, depth - 1)).add(object(dice, depth - 1));
      default -> object(dice, depth - 1);
    };
  }

  private static JsonNode tree(byte[] json) throws Exception {
    return MAPPER.readTree(json);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
