package dev.shiplog.api.view;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.view.History.Excerpt;
import dev.shiplog.api.view.History.Walk;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A watcher's place in the past and the present: it walks through history until the ring holds what
 * comes next, and goes back to history when the ring has run away from it. It never holds more than
 * one excerpt, and asks for the next only when that has been taken.
 */
final class HistoryCursor implements EventCursor {

  private final View view;
  private final StorageResource resource;
  private final AtomicReference<Runnable> callback = new AtomicReference<>();
  private RingCursor recent;
  private Walk walk;
  private volatile CompletableFuture<Excerpt> next;
  private int taken;
  private long seen;

  /**
   * Makes one.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code Expired} if neither ring nor history hold what
   *     came after the revision
   */
  HistoryCursor(View view, StorageResource resource, long afterRevision) {
    this.view = view;
    this.resource = resource;
    this.seen = afterRevision;
    goOn();
  }

  @Override
  public List<StoredEvent> poll(int atMost) {
    if (recent != null) {
      List<StoredEvent> events = recent.pollUnlessLost(atMost);
      seen = recent.seenRevision();
      if (events != null) {
        return events;
      }
      goOn();
    }
    return recent != null || !next.isDone() ? List.of() : take(atMost);
  }

  @Override
  public long seenRevision() {
    return seen;
  }

  @Override
  public void whenAvailable(Runnable action) {
    if (recent != null) {
      recent.whenAvailable(action);
      return;
    }
    callback.set(action);
    CompletableFuture<Excerpt> awaited = next;
    var _ = awaited.whenComplete((_, _) -> available());
  }

  @Override
  public void close() {
    callback.set(null);
    if (recent != null) {
      recent.close();
    }
  }

  private void available() {
    Runnable action = callback.getAndSet(null);
    if (action != null) {
      action.run();
    }
  }

  private List<StoredEvent> take(int atMost) {
    Excerpt excerpt = Futures.get(next);
    int to = Math.min(excerpt.events().size(), taken + atMost);
    List<StoredEvent> events = excerpt.events().subList(taken, to);
    taken = to;
    if (taken == excerpt.events().size()) {
      seen = Math.max(seen, excerpt.seen());
      goOn();
    } else {
      seen = events.getLast().revision();
    }
    return events;
  }

  /** In the ring if it holds what comes next, else in history. */
  private void goOn() {
    recent = view.recent(resource, seen);
    if (recent != null) {
      walk = null;
      next = null;
      return;
    }
    taken = 0;
    try {
      walk = walk == null ? view.history().after(resource, seen) : walk;
      next = walk.next();
    } catch (ApiFailure expired) {
      next = CompletableFuture.failedFuture(expired);
      throw expired;
    }
  }
}
