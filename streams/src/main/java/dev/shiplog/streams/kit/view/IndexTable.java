package dev.shiplog.streams.kit.view;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Objects by the values a function gives them; those of one value in key order. */
final class IndexTable<T> {

  private final Function<T, Collection<String>> values;
  private final Map<String, TreeMap<String, T>> table = new HashMap<>();

  IndexTable(Function<T, Collection<String>> values) {
    this.values = values;
  }

  /** Before or after is null where there is none. */
  void replace(String key, T before, T after) {
    if (before != null) {
      values.apply(before).forEach(value -> remove(value, key));
    }
    if (after != null) {
      values
          .apply(after)
          .forEach(value -> table.computeIfAbsent(value, v -> new TreeMap<>()).put(key, after));
    }
  }

  Collection<T> find(String value) {
    TreeMap<String, T> found = table.get(value);
    return found == null ? List.of() : List.copyOf(found.values());
  }

  int count(String value) {
    TreeMap<String, T> found = table.get(value);
    return found == null ? 0 : found.size();
  }

  private void remove(String value, String key) {
    table.computeIfPresent(
        value,
        (v, objects) -> {
          objects.remove(key);
          return objects.isEmpty() ? null : objects;
        });
  }
}
