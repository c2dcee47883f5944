package dev.shiplog.api.projection;

import dev.shiplog.topics.catalogue.Partition;
import java.util.Map;

/**
 * Which of the records that follow from the journal are in the projected topics already. Without a
 * loss these are all up to the checkpoint. A topic that lost its end, with the power, lacks those
 * after the last one that it still has.
 *
 * @param upTo every partition that lost nothing has the records of all entries before this offset
 * @param lossy per partition that lost its end, the last entry whose records it still has; -1 if it
 *     has none
 */
record Projected(long upTo, Map<Partition, Long> lossy) {

  Projected {
    lossy = Map.copyOf(lossy);
  }

  static Projected upTo(long offset) {
    return new Projected(offset, Map.of());
  }

  boolean has(Partition partition, long journalOffset) {
    Long last = lossy.get(partition);
    return last == null ? journalOffset < upTo : journalOffset <= last;
  }

  /** Whether what was lost is still to be written again, with so much of the journal done. */
  boolean isBeingRepaired(long offset) {
    return !lossy.isEmpty() && offset < upTo;
  }
}
