package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.framework.Scale;
import dev.shiplog.scheduler.model.NodeInfo;
import java.util.Arrays;

/**
 * The scores of one plugin, by slot, that mean something only compared with those of the other
 * candidates.
 */
final class Relative {

  private final NodeScore score;
  private final Scale scale;
  private final int weight;
  private long[] bySlot = new long[0];
  private int nonZeros;

  Relative(NodeScore score, Scale scale, int weight) {
    this.score = score;
    this.scale = scale;
    this.weight = weight;
  }

  long score(NodeInfo node) {
    return score.score(node);
  }

  void set(int slot, long raw) {
    nonZeros += (raw != 0 ? 1 : 0) - (bySlot[slot] != 0 ? 1 : 0);
    bySlot[slot] = raw;
  }

  /** False while all are 0: then it adds the same to every node. */
  boolean matters() {
    return nonZeros > 0;
  }

  /** Adds its weighted part to the totals of the candidates. */
  void addTo(long[] totals, CandidateSlots candidates) {
    long highest = 0;
    for (int i = 0; i < candidates.count(); i++) {
      highest = Math.max(highest, bySlot[candidates.slot(i)]);
    }
    for (int i = 0; i < candidates.count(); i++) {
      totals[i] += weight * scale.normalized(bySlot[candidates.slot(i)], highest);
    }
  }

  void ensureCapacity(int slots) {
    bySlot = Arrays.copyOf(bySlot, slots);
  }
}
