package dev.shiplog.scheduler.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The domains of a topology, that is the values of one node label, as small numbers. Do not hold on
 * to it past a decision.
 */
public final class Topology {

  /** What a node without the label has for a domain. */
  public static final int NONE = -1;

  private final String key;
  private final Map<String, Integer> domains = new HashMap<>();
  private int[] bySlot = new int[0];
  private long seen;

  Topology(String key) {
    this.key = key;
  }

  /** The domain of the node in a slot, or {@link #NONE}. */
  public int domain(int slot) {
    return bySlot[slot];
  }

  /** Domains are less than this; some may have no node any more. */
  public int domainCount() {
    return domains.size();
  }

  void refresh(Cluster cluster) {
    int slots = cluster.slotCount();
    if (domains.size() > 2 * slots + 16) {
      domains.clear();
      seen = 0;
    }
    if (bySlot.length < slots) {
      bySlot = Arrays.copyOf(bySlot, Math.max(slots, bySlot.length * 2));
    }
    cluster.forEachChangedSince(seen, slot -> bySlot[slot] = domainOf(cluster.at(slot)));
    seen = cluster.generation();
  }

  private int domainOf(NodeInfo info) {
    String value = info == null ? null : info.node().labels().get(key);
    if (value == null) {
      return NONE;
    }
    Integer known = domains.putIfAbsent(value, domains.size());
    return known == null ? domains.size() - 1 : known;
  }
}
