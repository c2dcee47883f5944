package dev.shiplog.api.ownership;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Checks sets of fields that a client wrote. */
final class FieldsV1 {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private FieldsV1() {}

  /** Whether every name in it is a path element and every value an object. */
  static boolean isWellFormed(ObjectNode fields) {
    for (Map.Entry<String, JsonNode> entry : fields.properties()) {
      if (!isElement(entry.getKey())
          || !(entry.getValue() instanceof ObjectNode below)
          || !isWellFormed(below)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isElement(String text) {
    if (text.equals(FieldSet.SELF)) {
      return true;
    }
    if (text.length() < 2 || text.charAt(1) != ':') {
      return false;
    }
    return switch (text.charAt(0)) {
      case 'f' -> true;
      case 'k' -> parsed(text) instanceof ObjectNode;
      case 'v' -> parsed(text) != null;
      case 'i' -> text.substring(2).chars().allMatch(Character::isDigit);
      default -> false;
    };
  }

  /** The JSON behind the element's prefix; null if it is none. */
  static JsonNode parsed(String element) {
    try {
      return MAPPER.readTree(element.substring(2));
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
