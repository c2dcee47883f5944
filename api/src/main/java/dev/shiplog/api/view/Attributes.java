package dev.shiplog.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.Snapshot.Indexes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What is kept beside an object's bytes because it is asked for often. An update that changes none
 * of it shares the instance of the revision before.
 *
 * @param uid its uid; empty if it has none
 * @param labels its labels
 * @param fields what field selectors may ask for
 * @param ownerUids uids of its owners
 * @param ruleValues values under the index of each commit rule that has some
 */
record Attributes(
    String uid,
    Map<String, String> labels,
    Map<String, String> fields,
    List<String> ownerUids,
    Map<String, List<String>> ruleValues) {

  /** Reads off the object what it says itself; fields and rule values are not in it. */
  static Attributes of(
      ObjectNode object, Map<String, String> fields, Map<String, List<String>> ruleValues) {
    JsonNode metadata = object.path("metadata");
    return new Attributes(
        metadata.path("uid").asText(""),
        labels(metadata.path("labels")),
        Map.copyOf(fields),
        owners(metadata.path("ownerReferences")),
        Map.copyOf(ruleValues));
  }

  /** Gives every (index, value) under which the object is found. */
  void forEachIndexed(BiConsumer<String, String> action) {
    ownerUids.forEach(uid -> action.accept(Indexes.OWNER, uid));
    labels.forEach((key, value) -> action.accept(Indexes.LABEL, key + "=" + value));
    fields.forEach((path, value) -> action.accept(Indexes.FIELD, path + "=" + value));
    ruleValues.forEach((rule, values) -> values.forEach(value -> action.accept(rule, value)));
  }

  private static Map<String, String> labels(JsonNode node) {
    if (node.isEmpty()) {
      return Map.of();
    }
    Map<String, String> labels = HashMap.newHashMap(node.size());
    node.properties().forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return Map.copyOf(labels);
  }

  private static List<String> owners(JsonNode node) {
    if (node.isEmpty()) {
      return List.of();
    }
    List<String> uids = new ArrayList<>(node.size());
    node.forEach(owner -> uids.add(owner.path("uid").asText("")));
    return List.copyOf(uids);
  }
}
