package dev.shiplog.api.access;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Keeps what is derived from some resources up to date with what was applied: whoever reads it
 * through {@link #current} sees every change that the store had applied before. A read that finds
 * nothing new costs one comparison per resource; one that does, applies the events itself. What
 * falls off the events' ring is derived anew from a snapshot, beside the old one.
 *
 * <p>Any thread. Changes are applied under a lock; readers share what they change, so it has to
 * bear one writer and many readers.
 */
public final class StateFollower<D extends StateFollower.Derived> implements AutoCloseable {

  private static final int BATCH = 512;

  /** What is derived. Called by one thread at a time. */
  public interface Derived {

    /**
     * Takes a change.
     *
     * @param before null if the object was created
     * @param after null if it was deleted
     */
    void change(StoredObject before, StoredObject after);
  }

  private final Store store;
  private final List<StorageResource> resources;
  private final Supplier<D> empty;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<EventCursor> cursors = new ArrayList<>();
  private volatile Seen<D> seen;
  private boolean closed;

  /**
   * What was derived, and from what.
   *
   * @param revision of the last snapshot it was compared with
   * @param revisions the last revision of each resource then
   */
  private record Seen<D>(D derived, long revision, List<Long> revisions) {}

  public StateFollower(Store store, List<StorageResource> resources, Supplier<D> empty) {
    this.store = store;
    this.resources = List.copyOf(resources);
    this.empty = empty;
  }

  /** What is derived from at least everything that the store has applied before this call. */
  public D current() {
    Snapshot now = store.current();
    Seen<D> known = seen;
    if (known != null && covers(known, now)) {
      return known.derived();
    }
    lock.lock();
    try {
      return catchUp(store.current());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Follows in the background too, so that a read after a long rest finds little to do.
   *
   * @param workers run the catching up
   */
  public void follow(Executor workers) {
    lock.lock();
    try {
      catchUp(store.current());
      cursors.forEach(cursor -> await(cursor, workers));
    } finally {
      lock.unlock();
    }
  }

  private void await(EventCursor cursor, Executor workers) {
    cursor.whenAvailable(() -> workers.execute(() -> follow(workers, cursor)));
  }

  private void follow(Executor workers, EventCursor cursor) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      catchUp(store.current());
      if (cursors.contains(cursor)) {
        await(cursor, workers);
      } else {
        cursors.forEach(renewed -> await(renewed, workers));
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean covers(Seen<D> known, Snapshot now) {
    if (known.revision() == now.revision()) {
      return true;
    }
    for (int i = 0; i < known.revisions().size(); i++) {
      if (now.lastRevision(resources.get(i)) > known.revisions().get(i)) {
        return false;
      }
    }
    return true;
  }

  private D catchUp(Snapshot now) {
    Seen<D> known = seen;
    if (known != null && covers(known, now)) {
      return known.derived();
    }
    D derived = known == null ? load(now) : advance(known.derived(), now);
    seen = new Seen<>(derived, now.revision(), lastRevisions(now));
    return derived;
  }

  private D advance(D derived, Snapshot now) {
    try {
      cursors.forEach(cursor -> drain(cursor, derived));
      return derived;
    } catch (ApiFailure expired) {
      return load(now);
    }
  }

  private void drain(EventCursor cursor, D derived) {
    List<StoredEvent> events = cursor.poll(BATCH);
    while (!events.isEmpty()) {
      events.forEach(event -> derived.change(event.before(), event.after()));
      events = cursor.poll(BATCH);
    }
  }

  private D load(Snapshot now) {
    cursors.forEach(EventCursor::close);
    cursors.clear();
    D derived = empty.get();
    for (StorageResource resource : resources) {
      cursors.add(store.events(resource, now.revision()));
      for (Iterator<StoredObject> all = now.list(resource, "", ""); all.hasNext(); ) {
        derived.change(null, all.next());
      }
    }
    return derived;
  }

  private List<Long> lastRevisions(Snapshot now) {
    return resources.stream().map(now::lastRevision).toList();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      cursors.forEach(EventCursor::close);
    } finally {
      lock.unlock();
    }
  }
}
