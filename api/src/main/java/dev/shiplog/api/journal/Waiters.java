package dev.shiplog.api.journal;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Those who wait for a number to be reached, each until its deadline. The loop's thread alone; how
 * many there may be is bounded where they come in.
 */
final class Waiters {

  private final TreeMap<Long, List<Waiter>> byTarget = new TreeMap<>();

  /**
   * Somebody who waits.
   *
   * @param reached told true when the target was reached, false when the deadline passed first
   */
  record Waiter(long target, long deadlineNanos, Consumer<Boolean> reached) {}

  void add(Waiter waiter) {
    byTarget.computeIfAbsent(waiter.target(), _ -> new ArrayList<>()).add(waiter);
  }

  /** Tells those whose target is not above the value. */
  void reached(long value) {
    while (!byTarget.isEmpty() && byTarget.firstKey() <= value) {
      byTarget.pollFirstEntry().getValue().forEach(waiter -> waiter.reached().accept(true));
    }
  }

  /** Tells those whose time is over. */
  void expire(long nowNanos) {
    Iterator<List<Waiter>> lists = byTarget.values().iterator();
    while (lists.hasNext()) {
      List<Waiter> waiters = lists.next();
      waiters.removeIf(waiter -> isOver(waiter, nowNanos));
      if (waiters.isEmpty()) {
        lists.remove();
      }
    }
  }

  /** Tells everybody that it will not come. */
  void giveUp() {
    List<List<Waiter>> all = List.copyOf(byTarget.values());
    byTarget.clear();
    all.forEach(waiters -> waiters.forEach(waiter -> waiter.reached().accept(false)));
  }

  private static boolean isOver(Waiter waiter, long nowNanos) {
    boolean over = waiter.deadlineNanos() - nowNanos <= 0;
    if (over) {
      waiter.reached().accept(false);
    }
    return over;
  }
}
