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
    List<StoredEvent> events = ring.read(position, (int) Math.min(atMost, end - position));
    if (events == null) {
      return null;
    }
    position += events.size();
    seen = position == end ? Math.max(seen, published) : events.getLast().revision();
    return events.isEmpty() || events.getFirst().revision() > afterRevision
        ? events
        : events.stream().filter(event -> event.revision() > afterRevision).toList();
  }

  @Override
  public long seenRevision() {
    return seen;
  }

  @Override
  public void whenAvailable(Runnable action) {
    callback.set(action);
    ring.await(this);
    // The event may have come before the ring knew whom to tell.
    if (ring.end() > position) {
      ring.stopAwaiting(this);
      eventsAvailable();
    }
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
