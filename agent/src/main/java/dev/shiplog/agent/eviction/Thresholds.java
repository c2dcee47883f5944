package dev.shiplog.agent.eviction;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Below what a node counts as short of something. A signal without a threshold is not looked at.
 *
 * @param bySignal the least that must be free
 */
public record Thresholds(Map<Signal, Threshold> bySignal) {

  private static final long MIB = 1L << 20;

  public Thresholds {
    bySignal = Map.copyOf(bySignal);
  }

  /**
   * What a node has that was told nothing else. Disks are measured in bytes and not in parts of a
   * hundred as the kubelet does: on a developer's machine a tenth of the disk is much, and images
   * that were imported cannot be fetched again. Of inodes a file system has more than enough or was
   * made with too few, so the kubelet's part of them is left.
   */
  public static Thresholds defaults() {
    Map<Signal, Threshold> thresholds = new EnumMap<>(Signal.class);
    thresholds.put(Signal.MEMORY, Threshold.amount(100 * MIB));
    thresholds.put(Signal.NODE_DISK, Threshold.amount(500 * MIB));
    thresholds.put(Signal.IMAGE_DISK, Threshold.amount(500 * MIB));
    thresholds.put(Signal.NODE_FILES, Threshold.percent(5));
    thresholds.put(Signal.IMAGE_FILES, Threshold.percent(5));
    thresholds.put(Signal.PIDS, Threshold.percent(1));
    return new Thresholds(thresholds);
  }

  /**
   * The least of something that must be free.
   *
   * @param amount bytes or pieces; 0 where a part is meant
   * @param percent part of the capacity; 0 where an amount is meant
   */
  public record Threshold(long amount, double percent) {

    public static Threshold amount(long amount) {
      return new Threshold(amount, 0);
    }

    public static Threshold percent(double percent) {
      return new Threshold(0, percent);
    }

    long of(long capacity) {
      return amount > 0 ? amount : (long) (capacity * percent / 100);
    }
  }

  /** Whether there is too little, by this level. */
  boolean isShort(Signal signal, Level level) {
    return least(signal, level).filter(least -> level.available() < least).isPresent();
  }

  /** The least that must be free; empty if the signal is not looked at. */
  Optional<Long> least(Signal signal, Level level) {
    return Optional.ofNullable(bySignal.get(signal)).map(each -> each.of(level.capacity()));
  }
}
