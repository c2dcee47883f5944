package dev.shiplog.scheduler.model;

import java.util.Arrays;

/**
 * How many pods of a kind lie on each node. Kept up to date by {@link Cluster}; do not hold on to
 * it past a decision.
 */
public final class MatchCount {

  private final PodMatch match;
  private int[] bySlot = new int[0];
  private int total;

  MatchCount(PodMatch match) {
    this.match = match;
  }

  PodMatch match() {
    return match;
  }

  /** The count on the node in a slot. */
  public int at(int slot) {
    return slot < bySlot.length ? bySlot[slot] : 0;
  }

  /** The count on all nodes together. */
  public int total() {
    return total;
  }

  void add(int slot, int by) {
    if (slot >= bySlot.length) {
      bySlot = Arrays.copyOf(bySlot, Math.max(slot + 1, bySlot.length * 2));
    }
    bySlot[slot] += by;
    total += by;
  }
}
