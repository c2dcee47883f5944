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
 * What a watcher of objects gets: the state it starts from, then changes, as far as its selection
 * concerns them. An object that starts to match is ADDED to it, one that ceases to match is
 * DELETED. Used by one thread at a time; holds no events of its own.
 */
final class ObjectFeed implements WatchFeed {

  private final Target target;
  private final Selection selection;
  private final Iterator<StoredObject> initial;
  private final EventCursor cursor;
  private final long startRevision;
  private final boolean announcesInitial;

  ObjectFeed(
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

  @Override
  public ResourceType type() {
    return target.type();
  }

  @Override
  public boolean announcesInitial() {
    return announcesInitial;
  }

  @Override
  public boolean hasInitial() {
    return initial.hasNext();
  }

  @Override
  public WatchEvent nextInitial() {
    StoredObject object = initial.next();
    return new WatchEvent(WatchEvent.Type.ADDED, object, object.revision(), object);
  }

  @Override
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

  @Override
  public long seenRevision() {
    return Math.max(startRevision, cursor.seenRevision());
  }

  @Override
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
