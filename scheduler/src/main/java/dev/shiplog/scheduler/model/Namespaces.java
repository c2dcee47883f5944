package dev.shiplog.scheduler.model;

import java.util.HashMap;
import java.util.Map;

/** The labels of namespaces, for terms that select namespaces by them. One thread. */
final class Namespaces {

  private final Map<String, Map<String, String>> labels = new HashMap<>();

  /** Empty for a namespace that is not known. */
  Map<String, String> labelsOf(String namespace) {
    return labels.getOrDefault(namespace, Map.of());
  }

  /** Notes a namespace's labels; true if they are others than before. */
  boolean put(String namespace, Map<String, String> newLabels) {
    Map<String, String> before = labelsOf(namespace);
    if (newLabels.isEmpty()) {
      labels.remove(namespace);
    } else {
      labels.put(namespace, Map.copyOf(newLabels));
    }
    return !before.equals(newLabels);
  }
}
