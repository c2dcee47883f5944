package dev.shiplog.api.view;

import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.StoredEvent;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A watcher's place in a ring: a position, and nothing that the writer would have to know of. */
final class RingCursor implements EventCursor, EventRing.Waiter {

  private final View view;
  private final EventRing ring;
  private final AtomicReference<Runnable> callback = new AtomicReference<>();
  private final long afterRevision;
  private long position;
  private long seen;

  RingCursor(View view, EventRing ring, long position, long afterRevision) {
    this.view = view;
    this.ring = ring;
    this.position = position;
    this.afterRevision = afterRevision;
    this.seen = afterRevision;
  }

  @Override
  public List<StoredEvent> poll(int atMost) {
    List<StoredEvent> events = pollUnlessLost(atMost);
    if (events == null) {
      throw Failures.expired("too old resource version: " + seen + " (" + ring.floor() + ")");
    }
    return events;
  }

  /** As {@link #poll}, but null if the ring no longer holds what comes next. */
  List<StoredEvent> pollUnlessLost(int atMost) {
    // In this order: events are pushed before the revision they belong to is published.
    long published = view.current().revision();
    long end = ring.end();
    List<StoredEvent> read = ring.read(position, (int) Math.min(atMost, end - position));
    if (read == null) {
      return null;
    }
    List<StoredEvent> events = upTo(published, read);
    position += events.size();
    boolean all = position == end || events.size() < read.size();
    seen = all ? Math.max(seen, published) : events.getLast().revision();
    return events.isEmpty() || events.getFirst().revision() > afterRevision
        ? events
        : events.stream().filter(event -> event.revision() > afterRevision).toList();
  }

  /** Whoever acts on an event looks at the state, which must not be older than the event. */
  private static List<StoredEvent> upTo(long published, List<StoredEvent> events) {
    int count = events.size();
    while (count > 0 && events.get(count - 1).revision() > published) {
      count--;
    }
    return events.subList(0, count);
  }

  @Override
  public long seenRevision() {
    return seen;
  }

  @Override
  public void whenAvailable(Runnable action) {
    callback.set(action);
    ring.await(this);
    // The event may have been published before the ring knew whom to tell.
    if (isNextPublished()) {
      ring.stopAwaiting(this);
      eventsAvailable();
    }
  }

  private boolean isNextPublished() {
    if (ring.end() <= position) {
      return false;
    }
    List<StoredEvent> next = ring.read(position, 1);
    return next == null || next.getFirst().revision() <= view.current().revision();
  }

  @Override
  public void eventsAvailable() {
    Runnable action = callback.getAndSet(null);
    if (action != null) {
      action.run();
    }
  }

  @Override
  public void close() {
    callback.set(null);
    ring.stopAwaiting(this);
  }
}
