package dev.shiplog.api.changes;

import dev.shiplog.api.access.PendingAnswer;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.store.ChangeLog;
import dev.shiplog.api.store.ChangeLog.Excerpt;
import dev.shiplog.api.store.RecordedChange;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.verbs.WatchEvent;
import dev.shiplog.api.verbs.WatchFeed;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Changes as a watcher gets them: read from the journal, from the past into the present. It holds
 * one excerpt at most. One thread at a time.
 */
final class ChangeFeed implements WatchFeed {

  private final ResourceType type;
  private final ChangeLog log;
  private final ChangeLog.Walk walk;
  private final boolean announced;
  private final Sight sight;
  private final Function<RecordedChange, StoredObject> shown;
  private CompletableFuture<Excerpt> next;

  /** The answer of another server, about who may see the next change, that is waited for. */
  private CompletableFuture<Void> pending = CompletableFuture.completedFuture(null);

  private int taken;
  private long seen;

  ChangeFeed(
      ResourceType type,
      ChangeLog log,
      ChangeLog.Walk walk,
      long from,
      boolean announced,
      Sight sight,
      Function<RecordedChange, StoredObject> shown) {
    this.type = type;
    this.log = log;
    this.walk = walk;
    this.seen = from;
    this.announced = announced;
    this.sight = sight;
    this.shown = shown;
    this.next = walk.next();
  }

  @Override
  public ResourceType type() {
    return type;
  }

  @Override
  public boolean announcesInitial() {
    return announced;
  }

  @Override
  public boolean hasInitial() {
    return false;
  }

  @Override
  public WatchEvent nextInitial() {
    throw new IllegalStateException("changes have no state to begin with");
  }

  @Override
  public int poll(int atMost, List<WatchEvent> into) {
    if (next == null) {
      next = walk.next();
    }
    if (!next.isDone()) {
      return 0;
    }
    Excerpt excerpt = excerpt();
    int before = taken;
    int to = Math.min(excerpt.changes().size(), taken + atMost);
    try {
      while (taken < to) {
        show(excerpt.changes().get(taken), into);
        taken++;
      }
    } catch (PendingAnswer asked) {
      pending = asked.answered();
      return taken - before;
    }
    int looked = taken - before;
    if (taken == excerpt.changes().size()) {
      taken = 0;
      seen = excerpt.seen();
      next = excerpt.end() ? null : walk.next();
    }
    return looked;
  }

  private void show(RecordedChange recorded, List<WatchEvent> into) {
    if (sight.sees(recorded)) {
      StoredObject object = shown.apply(recorded);
      into.add(
          new WatchEvent(WatchEvent.Type.ADDED, object, recorded.revision(), recorded.change()));
    }
    seen = recorded.revision();
  }

  private Excerpt excerpt() {
    try {
      return next.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  @Override
  public long seenRevision() {
    return seen;
  }

  @Override
  public void whenAvailable(Runnable callback) {
    if (!pending.isDone()) {
      var _ = pending.whenComplete((_, _) -> callback.run());
    } else if (next == null) {
      log.whenNewer(seen, callback);
    } else {
      var _ = next.whenComplete((_, _) -> callback.run());
    }
  }

  @Override
  public void close() {
    next = CompletableFuture.completedFuture(new Excerpt(List.of(), seen, true));
  }
}
