package dev.shiplog.scheduler.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The counts that decisions have asked for, kept up to date pod by pod so that none is ever counted
 * anew. Those not asked for longest are dropped past a bound.
 */
final class MatchCounts {

  /** At 5,000 nodes a count takes 20 KB. */
  private static final int MOST_KEPT = 2000;

  private final Cluster cluster;
  private final Namespaces namespaces;
  private final Map<PodMatch, MatchCount> leastRecentlyUsedFirst =
      new LinkedHashMap<>(16, 0.75f, true);
  private final SelectorIndex<MatchCount> index = new SelectorIndex<>();

  MatchCounts(Cluster cluster, Namespaces namespaces) {
    this.cluster = cluster;
    this.namespaces = namespaces;
  }

  MatchCount of(PodMatch match) {
    MatchCount known = leastRecentlyUsedFirst.get(match);
    return known != null ? known : begin(match);
  }

  /** A pod came to a slot (by 1) or left it (by -1). */
  void add(Pod pod, int slot, int by) {
    if (leastRecentlyUsedFirst.isEmpty()) {
      return;
    }
    Map<String, String> ofNamespace = namespaces.labelsOf(pod.namespace());
    index.forEachCandidate(
        pod.labels(),
        count -> {
          if (count.match().matches(pod, ofNamespace)) {
            count.add(slot, by);
          }
        });
  }

  /** Labels of a namespace have changed: what was counted by them is void. */
  void forgetThoseByNamespaceLabels() {
    List.copyOf(leastRecentlyUsedFirst.keySet()).stream()
        .filter(PodMatch::readsNamespaceLabels)
        .forEach(this::drop);
  }

  private MatchCount begin(PodMatch match) {
    if (leastRecentlyUsedFirst.size() >= MOST_KEPT) {
      drop(leastRecentlyUsedFirst.keySet().iterator().next());
    }
    MatchCount count = new MatchCount(match);
    PodSelector first = match.first();
    if (first.byLabels() != null) {
      cluster.namespacesWithPlacements().forEach(namespace -> countIn(namespace, count));
    } else {
      first.namespaces().forEach(namespace -> countIn(namespace, count));
    }
    leastRecentlyUsedFirst.put(match, count);
    index.add(first.labels(), count);
    return count;
  }

  private void countIn(String namespace, MatchCount count) {
    Map<String, String> ofNamespace = namespaces.labelsOf(namespace);
    for (Placement placement : cluster.placementsIn(namespace)) {
      if (placement.node().slot() >= 0 && count.match().matches(placement.pod(), ofNamespace)) {
        count.add(placement.node().slot(), 1);
      }
    }
  }

  private void drop(PodMatch match) {
    MatchCount count = leastRecentlyUsedFirst.remove(match);
    index.remove(match.first().labels(), count);
  }
}
