package dev.shiplog.scheduler.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds, among many label selectors, those that may select given labels, by one label that each of
 * them demands. Those that demand none are always among the found. One thread.
 */
final class SelectorIndex<T> {

  private final Map<Map.Entry<String, String>, List<T>> byLabel = new HashMap<>();
  private final List<T> rest = new ArrayList<>();

  void add(LabelSelector selector, T value) {
    Map.Entry<String, String> label = demanded(selector);
    (label == null ? rest : byLabel.computeIfAbsent(label, l -> new ArrayList<>(1))).add(value);
  }

  void remove(LabelSelector selector, T value) {
    Map.Entry<String, String> label = demanded(selector);
    if (label == null) {
      rest.remove(value);
      return;
    }
    List<T> values = byLabel.get(label);
    values.remove(value);
    if (values.isEmpty()) {
      byLabel.remove(label);
    }
  }

  /** Visits all whose selectors may select the labels, each once. */
  void forEachCandidate(Map<String, String> labels, Consumer<T> visitor) {
    if (!byLabel.isEmpty()) {
      for (Map.Entry<String, String> label : labels.entrySet()) {
        List<T> values = byLabel.get(label);
        if (values != null) {
          values.forEach(visitor);
        }
      }
    }
    rest.forEach(visitor);
  }

  /** A label without which nothing is selected; null where there is none. */
  private static Map.Entry<String, String> demanded(LabelSelector selector) {
    for (Requirement requirement : selector.requirements()) {
      if (requirement.operator() == Requirement.Operator.IN && requirement.values().size() == 1) {
        return Map.entry(requirement.key(), requirement.values().getFirst());
      }
    }
    return null;
  }
}
