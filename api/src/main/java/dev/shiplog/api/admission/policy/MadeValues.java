package dev.shiplog.api.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** What an expression made, as JSON. */
final class MadeValues {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private MadeValues() {}

  /** The value as JSON. */
  static JsonNode json(Object value) {
    return switch (value) {
      case null -> NullNode.instance;
      case String text -> JSON.textNode(text);
      case Boolean bool -> JSON.booleanNode(bool);
      case Long number -> JSON.numberNode(number);
      case UnsignedLong number -> JSON.numberNode(number.bigIntegerValue());
      case Double number -> JSON.numberNode(number);
      case CelByteString bytes ->
          JSON.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
      case Optional<?> optional -> json(optional.orElse(null));
      case Map<?, ?> map -> object(map);
      case Iterable<?> items -> list(items);
      default -> other(value);
    };
  }

  private static JsonNode other(Object value) {
    return value.getClass().getSimpleName().startsWith("Null")
        ? NullNode.instance
        : JSON.textNode(value.toString());
  }

  private static ObjectNode object(Map<?, ?> map) {
    ObjectNode object = JSON.objectNode();
    map.forEach((key, value) -> object.set(String.valueOf(key), json(value)));
    return object;
  }

  private static ArrayNode list(Iterable<?> items) {
    ArrayNode list = JSON.arrayNode();
    items.forEach(item -> list.add(json(item)));
    return list;
  }
}
