package dev.shiplog.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reading and filling trees in which absence, null and an empty value mean the same, as they do in
 * the API.
 */
public final class Trees {

  private Trees() {}

  /** The node at the path of field names, or a missing node. */
  public static JsonNode at(JsonNode node, String... path) {
    JsonNode found = node;
    for (String name : path) {
      found = found.path(name);
    }
    return found.isNull() ? MissingNode.getInstance() : found;
  }

  /** The text at the path; empty if there is none. */
  public static String text(JsonNode node, String... path) {
    return at(node, path).asText("");
  }

  /** Whether nothing is at the path, or a null. */
  public static boolean absent(JsonNode node, String... path) {
    return at(node, path).isMissingNode();
  }

  /** Whether nothing, null, an empty text, list or object is at the path. */
  public static boolean empty(JsonNode node, String... path) {
    JsonNode found = at(node, path);
    return found.isContainerNode() ? found.isEmpty() : found.asText("").isEmpty();
  }

  /** The items of the list at the path that are objects; changes to them change the tree. */
  public static List<ObjectNode> objects(JsonNode node, String... path) {
    List<ObjectNode> result = new ArrayList<>();
    for (JsonNode item : at(node, path)) {
      if (item instanceof ObjectNode object) {
        result.add(object);
      }
    }
    return result;
  }

  public static List<String> texts(JsonNode node, String... path) {
    List<String> result = new ArrayList<>();
    at(node, path).forEach(item -> result.add(item.asText()));
    return result;
  }

  /** The string map at the path, in its order. */
  public static Map<String, String> map(JsonNode node, String... path) {
    Map<String, String> result = new LinkedHashMap<>();
    at(node, path).properties().forEach(e -> result.put(e.getKey(), e.getValue().asText()));
    return result;
  }

  /** The object of that name, made if it is absent. */
  public static ObjectNode child(ObjectNode node, String name) {
    return node.get(name) instanceof ObjectNode child ? child : node.putObject(name);
  }

  /** The list of that name, made if it is absent. */
  public static ArrayNode list(ObjectNode node, String name) {
    return node.get(name) instanceof ArrayNode list ? list : node.putArray(name);
  }
}
