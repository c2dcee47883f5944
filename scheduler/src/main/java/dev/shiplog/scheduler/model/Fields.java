package dev.shiplog.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the parts of Kubernetes objects that several kinds have in common. */
final class Fields {

  private Fields() {}

  /** A map of strings; empty where it is missing. */
  static Map<String, String> strings(JsonNode object) {
    if (object.isEmpty()) {
      return Map.of();
    }
    Map<String, String> map = HashMap.newHashMap(object.size());
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      map.put(field.getKey(), field.getValue().asText());
    }
    return map;
  }

  /** A list; empty where it is missing. */
  static <T> List<T> list(JsonNode array, Function<JsonNode, T> element) {
    if (array.isEmpty()) {
      return List.of();
    }
    List<T> list = new ArrayList<>(array.size());
    for (JsonNode item : array) {
      list.add(element.apply(item));
    }
    return list;
  }

  /** A meta/v1 LabelSelector; one that is missing selects nothing. */
  static LabelSelector labelSelector(JsonNode selector) {
    if (!selector.isObject()) {
      return LabelSelector.NOTHING;
    }
    LabelSelector labels = LabelSelector.of(strings(selector.path("matchLabels")));
    return labels.and(
        new LabelSelector(list(selector.path("matchExpressions"), Fields::requirement)));
  }

  /** One expression of a label selector or of a node selector. */
  static Requirement requirement(JsonNode expression) {
    return new Requirement(
        expression.path("key").asText(),
        Requirement.Operator.parse(expression.path("operator").asText()),
        list(expression.path("values"), JsonNode::asText));
  }

  /** The owner that is the controller; null where there is none. */
  static OwnerRef controller(JsonNode metadata) {
    for (JsonNode owner : metadata.path("ownerReferences")) {
      if (owner.path("controller").asBoolean()) {
        return new OwnerRef(owner.path("kind").asText(), owner.path("name").asText());
      }
    }
    return null;
  }
}
