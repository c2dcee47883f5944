package dev.shiplog.scheduler.model;

import java.util.List;
import java.util.Map;

/**
 * Which pods to count.
 *
 * @param all a pod counts that every one of them selects; at least one
 * @param countsTerminating false if pods that are being deleted do not count
 */
public record PodMatch(List<PodSelector> all, boolean countsTerminating) {

  public PodMatch {
    all = List.copyOf(all);
  }

  boolean matches(Pod pod, Map<String, String> namespaceLabels) {
    if (pod.terminating() && !countsTerminating) {
      return false;
    }
    for (PodSelector selector : all) {
      if (!selector.matches(pod.namespace(), namespaceLabels, pod.labels())) {
        return false;
      }
    }
    return true;
  }

  /** True if labels of namespaces matter. */
  boolean readsNamespaceLabels() {
    for (PodSelector selector : all) {
      if (selector.byLabels() != null) {
        return true;
      }
    }
    return false;
  }

  /** The one whose labels and namespaces narrow where to look. */
  PodSelector first() {
    return all.getFirst();
  }
}
