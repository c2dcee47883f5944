package dev.shiplog.api.view;

import dev.shiplog.api.store.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The recent events of one resource. The journal's loop writes, any thread reads, nobody waits for
 * anybody.
 *
 * <p>Every event has a position, counted up from 0. Those from {@code start} to before {@code end}
 * are held. The writer moves {@code start} on before it reuses a slot; so a reader that copied some
 * slots and then still finds {@code start} at or before the first of them has copied what it meant
 * to, and otherwise knows that it was overtaken.
 */
final class EventRing {

  private static final int INITIAL_SLOTS = 64;

  private final int maxEvents;
  private final long maxBytes;
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
  private volatile AtomicReferenceArray<StoredEvent> slots =
      new AtomicReferenceArray<>(INITIAL_SLOTS);
  private volatile long start;
  private volatile long end;
  private volatile long floor;
  private volatile long bytes;

  /**
   * Makes an empty ring.
   *
   * @param maxEvents a power of two, at least 64
   * @param maxBytes bound for the objects the events hold; at least one event is always kept
   * @param floor no event up to this revision will be given
   */
  EventRing(int maxEvents, long maxBytes, long floor) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    this.floor = floor;
  }

  /** Somebody to be told, once, of the next event. */
  interface Waiter {
    void eventsAvailable();
  }

  /** Adds an event; its revision is greater than that of any before. The loop only. */
  void push(StoredEvent event) {
    if (end - start == slots.length()) {
      makeRoom();
    }
    long position = end;
    AtomicReferenceArray<StoredEvent> array = slots;
    array.setRelease(slot(array, position), event);
    addBytes(size(event));
    end = position + 1;
    while (bytes > maxBytes && end - start > 1) {
      evict();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the loop alone writes
  private void addBytes(long size) {
    bytes += size;
  }

  /** How many events are held. Any thread. */
  long held() {
    return end - start;
  }

  /** How large the objects are that they hold, at most. Any thread. */
  long bytes() {
    return bytes;
  }

  /** Tells those who wait. The loop only, after what was pushed has been published. */
  void wake() {
    for (Waiter waiter : List.copyOf(waiters)) {
      if (waiters.remove(waiter)) {
        waiter.eventsAvailable();
      }
    }
  }

  void await(Waiter waiter) {
    waiters.add(waiter);
  }

  void stopAwaiting(Waiter waiter) {
    waiters.remove(waiter);
  }

  /** All events with a greater revision are held. */
  long floor() {
    return floor;
  }

  /** The position the next event gets. */
  long end() {
    return end;
  }

  /**
   * The position of the first event with a greater revision, or -1 if that is gone or was never
   * held.
   */
  long positionAfter(long revision) {
    while (revision >= floor) {
      long from = start;
      long found = search(from, end, revision);
      if (found >= 0 && start == from) {
        return found;
      }
    }
    return -1;
  }

  /** Copies at most so many events from the position on; null if the first of them is gone. */
  List<StoredEvent> read(long position, int atMost) {
    int count = (int) Math.min(atMost, end - position);
    AtomicReferenceArray<StoredEvent> array = slots;
    List<StoredEvent> events = new ArrayList<>(Math.max(count, 0));
    for (int i = 0; i < count; i++) {
      events.add(array.getAcquire(slot(array, position + i)));
    }
    return start > position ? null : events;
  }

  private long search(long from, long to, long revision) {
    AtomicReferenceArray<StoredEvent> array = slots;
    long low = from;
    long high = to;
    while (low < high) {
      long middle = (low + high) >>> 1;
      StoredEvent event = array.getAcquire(slot(array, middle));
      if (event == null) {
        return -1;
      }
      if (event.revision() <= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void makeRoom() {
    AtomicReferenceArray<StoredEvent> old = slots;
    if (old.length() >= maxEvents) {
      evict();
      return;
    }
    AtomicReferenceArray<StoredEvent> wider = new AtomicReferenceArray<>(old.length() * 2);
    for (long position = start; position < end; position++) {
      wider.setPlain(slot(wider, position), old.getPlain(slot(old, position)));
    }
    slots = wider;
  }

  private void evict() {
    AtomicReferenceArray<StoredEvent> array = slots;
    long position = start;
    int oldest = slot(array, position);
    StoredEvent event = array.getPlain(oldest);
    addBytes(-size(event));
    floor = event.revision();
    start = position + 1;
    array.setRelease(oldest, null);
  }

  private static int slot(AtomicReferenceArray<StoredEvent> array, long position) {
    return (int) position & (array.length() - 1);
  }

  /** Counts what two events share twice: too much rather than too little. */
  private static long size(StoredEvent event) {
    long size = 128;
    size += event.before() == null ? 0 : event.before().bytes().length;
    size += event.after() == null ? 0 : event.after().bytes().length;
    size += event.deleted() == null ? 0 : event.deleted().bytes().length;
    return size;
  }
}
