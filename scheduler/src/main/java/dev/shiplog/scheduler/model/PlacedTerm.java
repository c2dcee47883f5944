package dev.shiplog.scheduler.model;

import java.util.Arrays;

/**
 * An affinity term that pods on nodes have, with the sum of its weights on each node. Kept up to
 * date by {@link Cluster}; do not hold on to it past a decision.
 */
public final class PlacedTerm {

  private final AffinityTerm term;
  private long[] bySlot = new long[0];
  private int holders;

  PlacedTerm(AffinityTerm term) {
    this.term = term;
  }

  public AffinityTerm term() {
    return term;
  }

  /**
   * The sum of the weights with which pods on that node have the term; their number for terms that
   * have no weights.
   */
  public long at(int slot) {
    return slot < bySlot.length ? bySlot[slot] : 0;
  }

  /** True once nobody has it any more. */
  boolean isVoid() {
    return holders == 0;
  }

  void add(int slot, long weight, int by) {
    if (slot >= bySlot.length) {
      bySlot = Arrays.copyOf(bySlot, Math.max(slot + 1, bySlot.length * 2));
    }
    bySlot[slot] += weight * by;
    holders += by;
  }
}
