package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.Candidates;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import java.util.Arrays;
import java.util.function.Predicate;

/** The candidates of the decision under way, in an array that every decision uses again. */
final class CandidateSlots implements Candidates {

  private final Cluster cluster;
  private int[] slots = new int[0];
  private int count;

  CandidateSlots(Cluster cluster) {
    this.cluster = cluster;
  }

  void clear() {
    count = 0;
    if (slots.length < cluster.slotCount()) {
      slots = Arrays.copyOf(slots, Math.max(cluster.slotCount(), slots.length * 2));
    }
  }

  void add(int slot) {
    slots[count++] = slot;
  }

  /** Takes out those of whom that is true. */
  void removeIf(Predicate<NodeInfo> predicate) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (!predicate.test(node(i))) {
        slots[kept++] = slots[i];
      }
    }
    count = kept;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public NodeInfo node(int index) {
    return cluster.at(slots[index]);
  }

  @Override
  public int slot(int index) {
    return slots[index];
  }
}
