package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Topology;
import java.util.function.IntToLongFunction;

/** The domains of a topology in which something lies. */
final class MarkedDomains {

  private final Topology topology;
  private final boolean[] marked;
  private boolean any;

  /**
   * Marks domains.
   *
   * @param amounts how much lies on the node in a slot
   */
  MarkedDomains(Cluster cluster, String topologyKey, IntToLongFunction amounts) {
    this.topology = cluster.topology(topologyKey);
    this.marked = new boolean[topology.domainCount()];
    for (int slot = 0; slot < cluster.slotCount(); slot++) {
      if (amounts.applyAsLong(slot) > 0) {
        mark(topology.domain(slot));
      }
    }
  }

  private void mark(int domain) {
    if (domain != Topology.NONE) {
      marked[domain] = true;
      any = true;
    }
  }

  /** True if there is any such domain. */
  boolean hasAny() {
    return any;
  }

  /** The domain of the node in a slot, or {@link Topology#NONE}. */
  int domain(int slot) {
    return topology.domain(slot);
  }

  /** True if the node in a slot lies in such a domain. */
  boolean holds(int slot) {
    int domain = topology.domain(slot);
    return domain != Topology.NONE && marked[domain];
  }
}
