package dev.shiplog.scheduler.model;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The counts that decisions have asked for, kept up to date pod by pod so that none is ever counted
 * anew. Those not asked for longest are dropped past a bound.
 */
final class MatchCounts {

  /** At 5,000 nodes a count takes 20 KB. */
  private static final int MOST_KEPT = 2000;

  private record Counted(String namespace, LabelSelector selector) {}

  private final Cluster cluster;
  private final Map<Counted, MatchCount> leastRecentlyUsedFirst =
      new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Map<Counted, MatchCount>> byNamespace = new HashMap<>();

  MatchCounts(Cluster cluster) {
    this.cluster = cluster;
  }

  MatchCount of(String namespace, LabelSelector selector) {
    Counted counted = new Counted(namespace, selector);
    MatchCount known = leastRecentlyUsedFirst.get(counted);
    return known != null ? known : begin(counted);
  }

  void placed(Pod pod, int slot) {
    add(pod, slot, 1);
  }

  void displaced(Pod pod, int slot) {
    add(pod, slot, -1);
  }

  private void add(Pod pod, int slot, int by) {
    for (MatchCount count : byNamespace.getOrDefault(pod.namespace(), Map.of()).values()) {
      count.add(pod, slot, by);
    }
  }

  private MatchCount begin(Counted counted) {
    if (leastRecentlyUsedFirst.size() >= MOST_KEPT) {
      drop(leastRecentlyUsedFirst.keySet().iterator().next());
    }
    MatchCount count = new MatchCount(counted.namespace(), counted.selector());
    for (Placement placement : cluster.placementsIn(counted.namespace())) {
      if (placement.node().slot() >= 0) {
        count.add(placement.pod(), placement.node().slot(), 1);
      }
    }
    leastRecentlyUsedFirst.put(counted, count);
    byNamespace.computeIfAbsent(counted.namespace(), n -> new HashMap<>()).put(counted, count);
    return count;
  }

  private void drop(Counted counted) {
    leastRecentlyUsedFirst.remove(counted);
    Map<Counted, MatchCount> rest = byNamespace.get(counted.namespace());
    rest.remove(counted);
    if (rest.isEmpty()) {
      byNamespace.remove(counted.namespace());
    }
  }
}
