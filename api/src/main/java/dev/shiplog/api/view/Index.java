package dev.shiplog.api.view;

import dev.shiplog.api.schema.decoding.Quantity;
import java.util.HashMap;
import java.util.Map;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePSet;

/** From a value to the keys of the objects that have it, and what they weigh. Immutable. */
final class Index {

  static final Index EMPTY = new Index(HashTreePMap.empty(), HashTreePMap.empty());

  private final HashPMap<String, TreePSet<String>> keys;
  private final HashPMap<String, Map<String, Quantity>> totals;

  private Index(
      HashPMap<String, TreePSet<String>> keys, HashPMap<String, Map<String, Quantity>> totals) {
    this.keys = keys;
    this.totals = totals;
  }

  /** The keys in order; empty if no object has the value. */
  TreePSet<String> keysOf(String value) {
    TreePSet<String> found = keys.get(value);
    return found == null ? TreePSet.empty() : found;
  }

  /** What the objects that have the value weigh together; empty if nothing is weighed. */
  Map<String, Quantity> total(String value) {
    return totals.getOrDefault(value, Map.of());
  }

  /** With a posting that is not in it. */
  Index plus(Posting posting, String key) {
    String value = posting.value();
    HashPMap<String, Map<String, Quantity>> sums =
        posting.weight().isEmpty()
            ? totals
            : totals.plus(value, sum(total(value), posting.weight()));
    return new Index(keys.plus(value, keysOf(value).plus(key)), sums);
  }

  /** Without a posting that is in it. */
  Index minus(Posting posting, String key) {
    String value = posting.value();
    TreePSet<String> rest = keysOf(value).minus(key);
    if (rest.isEmpty()) {
      return new Index(keys.minus(value), totals.minus(value));
    }
    HashPMap<String, Map<String, Quantity>> sums =
        posting.weight().isEmpty()
            ? totals
            : totals.plus(value, difference(total(value), posting.weight()));
    return new Index(keys.plus(value, rest), sums);
  }

  private static Map<String, Quantity> sum(
      Map<String, Quantity> total, Map<String, Quantity> weight) {
    Map<String, Quantity> result = new HashMap<>(total);
    weight.forEach((name, amount) -> result.merge(name, amount, Quantity::plus));
    return Map.copyOf(result);
  }

  private static Map<String, Quantity> difference(
      Map<String, Quantity> total, Map<String, Quantity> weight) {
    Map<String, Quantity> result = new HashMap<>(total);
    weight.forEach((name, amount) -> result.compute(name, (_, all) -> all.minus(amount)));
    return Map.copyOf(result);
  }
}
