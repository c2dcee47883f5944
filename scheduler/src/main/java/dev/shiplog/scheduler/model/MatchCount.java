package dev.shiplog.scheduler.model;

import java.util.Arrays;

/**
 * How many pods of one namespace a selector selects on each node; pods that are being deleted do
 * not count. Kept up to date by {@link Cluster}; do not hold on to it past a decision.
 */
public final class MatchCount {

  private final String namespace;
  private final LabelSelector selector;
  private int[] bySlot = new int[0];

  MatchCount(String namespace, LabelSelector selector) {
    this.namespace = namespace;
    this.selector = selector;
  }

  /** The count on the node in a slot. */
  public int at(int slot) {
    return slot < bySlot.length ? bySlot[slot] : 0;
  }

  void add(Pod pod, int slot, int by) {
    if (!pod.terminating() && pod.namespace().equals(namespace) && selector.matches(pod.labels())) {
      if (slot >= bySlot.length) {
        bySlot = Arrays.copyOf(bySlot, Math.max(slot + 1, bySlot.length * 2));
      }
      bySlot[slot] += by;
    }
  }
}
