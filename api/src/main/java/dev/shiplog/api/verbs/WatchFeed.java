package dev.shiplog.api.verbs;

import dev.shiplog.api.request.Selection;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.store.StoredObject;
import java.util.Iterator;
import java.util.List;

/**
 * What one watcher gets: the state it starts from, then changes, as far as its selection concerns
 * them. An object that starts to match is ADDED to it, one that ceases to match is DELETED. Used by
 * one thread at a time; holds no events of its own.
 */
public final class WatchFeed implements AutoCloseable {

  private final Target target;
  private final Selection selection;
  private final Iterator<StoredObject> initial;
  private final EventCursor cursor;
  private final long startRevision;
  private final boolean announcesInitial;

  WatchFeed(
      Target target,
      Selection selection,
      List<StoredObject> initial,
      boolean announcesInitial,
      long startRevision,
      EventCursor cursor) {
    this.target = target;
    this.selection = selection;
    this.initial = initial.iterator();
    this.announcesInitial = announcesInitial;
    this.startRevision = startRevision;
    this.cursor = cursor;
  }

  public ResourceType type() {
    return target.type();
  }

  /** Whether the client wants to be told where the initial state ends. */
  public boolean announcesInitial() {
    return announcesInitial;
  }

  /** Whether there is initial state left; it comes before {@link #poll}. */
  public boolean hasInitial() {
    return initial.hasNext();
  }

  /** The next object of the initial state. */
  public WatchEvent nextInitial() {
    StoredObject object = initial.next();
    return new WatchEvent(WatchEvent.Type.ADDED, object, object.revision(), object);
  }

  /**
   * The next changes that concern this watcher.
   *
   * @param atMost how many changes of the resource to look at
   * @param into where they go
   * @return how many changes were looked at; if fewer than {@code atMost}, there are no more now
   * @throws dev.shiplog.api.status.ApiFailure {@code Expired}
   */
  public int poll(int atMost, List<WatchEvent> into) {
    List<StoredEvent> events = cursor.poll(atMost);
    for (int i = 0; i < events.size(); i++) {
      WatchEvent seen = seen(events.get(i));
      if (seen != null) {
        into.add(seen);
      }
    }
    return events.size();
  }

  /** Everything up to this revision has been seen. */
  public long seenRevision() {
    return Math.max(startRevision, cursor.seenRevision());
  }

  /** See {@link EventCursor#whenAvailable}. */
  public void whenAvailable(Runnable callback) {
    cursor.whenAvailable(callback);
  }

  @Override
  public void close() {
    cursor.close();
  }

  private WatchEvent seen(StoredEvent event) {
    boolean was = event.before() != null && concerns(event.before());
    boolean is = event.after() != null && concerns(event.after());
    if (is) {
      return new WatchEvent(
          was ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED,
          event.after(),
          event.revision(),
          event);
    }
    if (!was) {
      return null;
    }
    return new WatchEvent(
        WatchEvent.Type.DELETED,
        event.deleted() != null ? event.deleted() : event.before(),
        event.revision(),
        event);
  }

  private boolean concerns(StoredObject object) {
    return (target.namespace().isEmpty() || target.namespace().equals(object.key().namespace()))
        && (target.name().isEmpty() || target.name().equals(object.key().name()))
        && selection.matches(object);
  }
}
