package dev.shiplog.api.flow;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The seats of one priority level and who waits for one. A flow is dealt a hand of queues and waits
 * in the shortest of them; queues take turns, so a flow that fills its own delays no other. One
 * flow has a part of the seats while others are about: what is worked on at a time shares the
 * processors, so a seat for each of a flood's requests would slow everybody else's. Guarded by
 * {@link FlowControl}'s lock.
 */
final class PriorityLevel {

  /** What one flow has of the seats while others are about. */
  private static final int PARTS = 4;

  /** It has so many in any case: as many as keep a commit and what goes around it busy. */
  private static final int LEAST = 4;

  private final FlowMetrics.Level meters;
  private final Map<String, Integer> held = new HashMap<>();
  private LevelSettings settings;
  private int seats;
  private int used;
  private int executing;
  private Deque<Waiting>[] queues;
  private int waiting;
  private int turn;

  /**
   * One that waits for a seat.
   *
   * @param start what is done once it has one
   */
  record Waiting(Permit permit, long sinceNanos, Runnable start) {}

  PriorityLevel(LevelSettings settings, FlowMetrics.Level meters) {
    this.meters = meters;
    configure(settings, 1);
  }

  /** What holds from now on; who waits already keeps waiting. */
  void configure(LevelSettings now, int seatsNow) {
    boolean other = settings == null || settings.queues() != now.queues();
    settings = now;
    seats = seatsNow;
    if (other) {
      Deque<Waiting>[] before = queues;
      queues = empty(Math.max(1, now.queues()));
      if (before != null) {
        for (Deque<Waiting> queue : before) {
          queues[0].addAll(queue);
        }
      }
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays know no type parameters
  private static Deque<Waiting>[] empty(int count) {
    Deque[] made = new Deque[count];
    for (int i = 0; i < count; i++) {
      made[i] = new ArrayDeque<>();
    }
    return made;
  }

  LevelSettings settings() {
    return settings;
  }

  FlowMetrics.Level meters() {
    return meters;
  }

  int waiting() {
    return waiting;
  }

  /** Requests that have their seats. */
  int executing() {
    return executing;
  }

  /** Its own seats. */
  int seats() {
    return seats;
  }

  /** Seats beyond its own that are in use. */
  int borrowed() {
    return Math.max(0, used - seats);
  }

  /** Seats that it does not use now and that others may. */
  int lendable() {
    int mayLend = seats * settings.lendablePercent() / 100;
    return settings.exempt() ? 0 : Math.min(mayLend, Math.max(0, seats - used));
  }

  /**
   * Whether there is a seat.
   *
   * @param others what can be borrowed in all
   */
  boolean hasSeat(int others) {
    if (settings.exempt() || used < seats) {
      return true;
    }
    int most =
        settings.borrowingPercent() < 0
            ? Integer.MAX_VALUE
            : seats * settings.borrowingPercent() / 100;
    return others > 0 && borrowed() < most;
  }

  /** Whether a flow has no more seats than it may while others are about. */
  boolean isModest(String flow) {
    return settings.exempt() || held.getOrDefault(flow, 0) < Math.max(LEAST, seats / PARTS);
  }

  void take(Permit permit) {
    used += permit.width();
    executing++;
    held.merge(permit.flow(), permit.width(), Integer::sum);
  }

  void giveBack(Permit permit) {
    used -= permit.width();
    executing--;
    held.computeIfPresent(
        permit.flow(), (flow, now) -> now <= permit.width() ? null : now - permit.width());
  }

  /** Lets one wait; false if there is no room. */
  boolean enqueue(String flow, Waiting one) {
    if (settings.queues() == 0) {
      return false;
    }
    Deque<Waiting> shortest = null;
    long hash = spread(flow.hashCode());
    for (int i = 0; i < settings.handSize(); i++) {
      Deque<Waiting> queue = queues[(int) Long.remainderUnsigned(hash, queues.length)];
      if (shortest == null || queue.size() < shortest.size()) {
        shortest = queue;
      }
      hash = spread(hash);
    }
    if (shortest == null || shortest.size() >= settings.queueLength()) {
      return false;
    }
    shortest.add(one);
    waiting++;
    return true;
  }

  /** The one whose turn it is of those that may go; null if there is none. */
  Waiting next(Predicate<Permit> mayGo) {
    for (int i = 0; waiting > 0 && i < queues.length; i++) {
      Deque<Waiting> queue = queues[turn];
      turn = (turn + 1) % queues.length;
      Waiting one = queue.peek();
      if (one != null && mayGo.test(one.permit())) {
        waiting--;
        return queue.remove();
      }
    }
    return null;
  }

  /** Takes one out that gave up; false if it has its seat already. */
  boolean remove(Waiting one) {
    for (Deque<Waiting> queue : queues) {
      if (queue.remove(one)) {
        waiting--;
        return true;
      }
    }
    return false;
  }

  /** The finishing steps of SplitMix64. */
  private static long spread(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
