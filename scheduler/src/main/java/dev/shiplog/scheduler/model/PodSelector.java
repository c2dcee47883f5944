package dev.shiplog.scheduler.model;

import java.util.Map;
import java.util.Set;

/**
 * Selects pods by their labels and their namespace.
 *
 * @param namespaces names of namespaces that count
 * @param byLabels namespaces that count as well, by their labels; null where none do
 * @param labels labels of the pods
 */
public record PodSelector(Set<String> namespaces, LabelSelector byLabels, LabelSelector labels) {

  public PodSelector {
    namespaces = Set.copyOf(namespaces);
  }

  /** Selects pods of one namespace. */
  public static PodSelector in(String namespace, LabelSelector labels) {
    return new PodSelector(Set.of(namespace), null, labels);
  }

  /**
   * True if it selects such a pod.
   *
   * @param namespaceLabels labels of the pod's namespace
   */
  public boolean matches(
      String namespace, Map<String, String> namespaceLabels, Map<String, String> podLabels) {
    return labels.matches(podLabels)
        && (namespaces.contains(namespace)
            || (byLabels != null && byLabels.matches(namespaceLabels)));
  }
}
