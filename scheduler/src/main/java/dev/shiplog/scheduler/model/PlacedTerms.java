package dev.shiplog.scheduler.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The affinity terms of one sort that the pods on nodes have. Equal terms, as replicas have them,
 * are held once. One thread.
 */
final class PlacedTerms {

  private final Map<AffinityTerm, PlacedTerm> byTerm = new HashMap<>();
  private final SelectorIndex<PlacedTerm> index = new SelectorIndex<>();

  /** A pod with that term came to a slot (by 1) or left it (by -1). */
  void add(AffinityTerm term, int slot, long weight, int by) {
    PlacedTerm placed = byTerm.get(term);
    if (placed == null) {
      placed = new PlacedTerm(term);
      byTerm.put(term, placed);
      index.add(term.pods().labels(), placed);
    }
    placed.add(slot, weight, by);
    if (placed.isVoid()) {
      byTerm.remove(term);
      index.remove(term.pods().labels(), placed);
    }
  }

  /** Those that are about the pod. */
  List<PlacedTerm> about(Pod pod, Namespaces namespaces) {
    if (byTerm.isEmpty()) {
      return List.of();
    }
    List<PlacedTerm> found = new ArrayList<>(2);
    Map<String, String> ofNamespace = namespaces.labelsOf(pod.namespace());
    index.forEachCandidate(
        pod.labels(),
        placed -> {
          if (placed.term().pods().matches(pod.namespace(), ofNamespace, pod.labels())) {
            found.add(placed);
          }
        });
    return found;
  }
}
