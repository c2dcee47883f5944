package dev.shiplog.api.admission.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.limits.Amounts;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.store.ObjectKey;
import java.util.Map;
import java.util.TreeMap;

/** A ResourceQuota, read. */
record Quota(ObjectKey key, ObjectNode tree, Map<String, Quantity> hard, Scopes scopes) {

  static Quota of(ObjectKey key, ObjectNode tree) {
    return new Quota(
        key, tree, Amounts.of(Trees.at(tree, "spec", "hard")), Scopes.of(tree.path("spec")));
  }

  /** What is used of it, as far as it is known. */
  Map<String, Quantity> used() {
    return Amounts.of(Trees.at(tree, "status", "used"));
  }

  /** Of a use, what this quota counts. */
  Map<String, Quantity> counted(Usage usage) {
    if (usage.amounts().isEmpty() || !scopes.match(usage)) {
      return Map.of();
    }
    Map<String, Quantity> counted = new TreeMap<>();
    usage
        .amounts()
        .forEach((name, amount) -> {
          if (hard.containsKey(name)) {
            counted.put(name, amount);
          }
        });
    return counted;
  }

  /** The object with this use in its status. */
  ObjectNode using(Map<String, Quantity> used) {
    ObjectNode after = tree.deepCopy();
    write(Trees.child(after, "status"), used);
    return after;
  }

  static void write(ObjectNode status, Map<String, Quantity> used) {
    ObjectNode amounts = status.putObject("used");
    used.forEach((name, amount) -> amounts.put(name, amount.toString()));
  }

  static JsonNode hardOf(ObjectNode tree) {
    return Trees.at(tree, "spec", "hard");
  }
}
