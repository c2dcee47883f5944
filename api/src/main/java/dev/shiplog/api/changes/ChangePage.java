package dev.shiplog.api.changes;

import dev.shiplog.api.access.PendingAnswer;
import dev.shiplog.api.changes.ChangeReads.Bounds;
import dev.shiplog.api.request.Continuation;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.store.ChangeLog;
import dev.shiplog.api.store.ChangeLog.Excerpt;
import dev.shiplog.api.store.RecordedChange;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.verbs.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Fills one page of a list of changes. It ends when it is full, or when much was read for it: a
 * narrow question about a long history has pages with little, or nothing, on them. Where another
 * server decides who may see what, its answers are waited for. One thread at a time.
 */
final class ChangePage {

  /** Each is a few megabytes of the journal at most. */
  private static final int MOST_EXCERPTS = 64;

  private static final long MOST_BYTES = 4 << 20;

  /** Then the page ends where it is, and the next one goes on there. */
  static final int MOST_ANSWERS = 64;

  private final ResourceType type;
  private final ChangeQuestion question;
  private final Bounds bounds;
  private final ChangeLog.Walk walk;
  private final Sight sight;
  private final Function<RecordedChange, StoredObject> shown;
  private final List<StoredObject> objects = new ArrayList<>();
  private final Executor executor;
  private final int most;
  private long place;
  private long bytes;
  private int excerpts;
  private int waited;

  /**
   * Makes one.
   *
   * @param place the revision after which, or up to which, it begins
   * @param executor goes on after an answer that was waited for
   */
  ChangePage(
      ResourceType type,
      ChangeQuestion question,
      Bounds bounds,
      ChangeLog.Walk walk,
      long place,
      Sight sight,
      Function<RecordedChange, StoredObject> shown,
      Executor executor) {
    this.executor = executor;
    this.type = type;
    this.question = question;
    this.bounds = bounds;
    this.walk = walk;
    this.place = place;
    this.sight = sight;
    this.shown = shown;
    int limit = question.limit();
    this.most = limit == 0 ? ChangeReads.LARGEST_PAGE : Math.min(limit, ChangeReads.LARGEST_PAGE);
  }

  CompletableFuture<Answer.Listing> read() {
    if (isOver()) {
      return CompletableFuture.completedFuture(listing(true));
    }
    return walk.next()
        .thenCompose(excerpt -> {
          excerpts++;
          return take(excerpt, 0);
        });
  }

  private CompletableFuture<Answer.Listing> take(Excerpt excerpt, int first) {
    for (int i = first; i < excerpt.changes().size(); i++) {
      RecordedChange recorded = excerpt.changes().get(i);
      if (!isWithin(recorded.revision())) {
        continue;
      }
      if (objects.size() == most || bytes >= MOST_BYTES) {
        return CompletableFuture.completedFuture(listing(false));
      }
      try {
        show(recorded);
      } catch (PendingAnswer pending) {
        return wait(pending, excerpt, i);
      }
      place = question.newestFirst() ? recorded.revision() - 1 : recorded.revision();
    }
    place = excerpt.seen();
    if (excerpt.end() || isOver()) {
      return CompletableFuture.completedFuture(listing(true));
    }
    return excerpts < MOST_EXCERPTS ? read() : CompletableFuture.completedFuture(listing(false));
  }

  private void show(RecordedChange recorded) {
    if (sight.sees(recorded)) {
      StoredObject object = shown.apply(recorded);
      objects.add(object);
      bytes += object.bytes().length;
    }
  }

  private CompletableFuture<Answer.Listing> wait(PendingAnswer pending, Excerpt excerpt, int at) {
    waited++;
    return waited > MOST_ANSWERS
        ? CompletableFuture.completedFuture(listing(false))
        : pending.answered().thenComposeAsync(known -> take(excerpt, at), executor);
  }

  private boolean isOver() {
    return question.newestFirst() ? place <= bounds.from() : place >= bounds.to();
  }

  private boolean isWithin(long revision) {
    return revision > bounds.from() && revision <= bounds.to();
  }

  private Answer.Listing listing(boolean last) {
    int shownBefore = question.continuation().map(Continuation::shown).orElse(0);
    return new Answer.Listing(
        type,
        objects,
        bounds.to(),
        last
            ? Optional.empty()
            : Optional.of(
                new Continuation(bounds.to(), Long.toString(place), shownBefore + objects.size())),
        OptionalLong.empty());
  }
}
