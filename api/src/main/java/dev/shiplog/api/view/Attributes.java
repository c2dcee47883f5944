package dev.shiplog.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.store.Snapshot.Indexes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is kept beside an object's bytes because it is asked for often. An update that changes none
 * of it shares the instance of the revision before.
 *
 * @param uid its uid; empty if it has none
 * @param labels its labels
 * @param fields what field selectors may ask for
 * @param ownerUids uids of its owners
 * @param ruleValues values under the index of each commit rule that has some
 * @param weights what it adds to the totals of those values, for each rule that adds up
 */
record Attributes(
    String uid,
    Map<String, String> labels,
    Map<String, String> fields,
    List<String> ownerUids,
    Map<String, List<String>> ruleValues,
    Map<String, Map<String, Quantity>> weights) {

  /** Reads off the object what it says itself; fields and rule values are not in it. */
  static Attributes of(
      ObjectNode object,
      Map<String, String> fields,
      Map<String, List<String>> ruleValues,
      Map<String, Map<String, Quantity>> weights) {
    JsonNode metadata = object.path("metadata");
    return new Attributes(
        metadata.path("uid").asText(""),
        labels(metadata.path("labels")),
        Map.copyOf(fields),
        owners(metadata.path("ownerReferences")),
        Map.copyOf(ruleValues),
        Map.copyOf(weights));
  }

  /** Every place where the object is found. */
  Set<Posting> postings() {
    Set<Posting> postings = new HashSet<>();
    ownerUids.forEach(uid -> postings.add(new Posting(Indexes.OWNER, uid)));
    labels.forEach((key, value) -> postings.add(new Posting(Indexes.LABEL, key + "=" + value)));
    fields.forEach((path, value) -> {
      if (Indexes.hasField(path, value)) {
        postings.add(new Posting(Indexes.FIELD, path + "=" + value));
      }
    });
    ruleValues.forEach((rule, values) -> {
      Map<String, Quantity> weight = weights.getOrDefault(rule, Map.of());
      values.forEach(value -> postings.add(new Posting(rule, value, weight)));
    });
    return postings;
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
