package dev.shiplog.scheduler.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The topologies that decisions have asked for; past a bound the one not asked for longest goes.
 */
final class Topologies {

  private static final int MOST_KEPT = 64;

  private final Cluster cluster;
  private final Map<String, Topology> byKey =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Topology> eldest) {
          return size() > MOST_KEPT;
        }
      };

  Topologies(Cluster cluster) {
    this.cluster = cluster;
  }

  Topology of(String key) {
    Topology topology = byKey.computeIfAbsent(key, Topology::new);
    topology.refresh(cluster);
    return topology;
  }
}
