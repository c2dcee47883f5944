package dev.shiplog.api.journal;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.ChangeLog;
import dev.shiplog.api.store.RecordedChange;
import dev.shiplog.api.view.View;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.log.LogReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** The changes of all resources, read by the threads of the history. Any thread. */
final class JournalChanges implements ChangeLog {

  /** How long somebody waits for a change before looking again. */
  private static final long LONGEST_WAIT = Duration.ofSeconds(5).toNanos();

  private final JournalHistory history;
  private final View view;
  private final JournalLoop loop;
  private final LongSupplier ticker;

  JournalChanges(JournalHistory history, View view, JournalLoop loop, LongSupplier ticker) {
    this.history = history;
    this.view = view;
    this.loop = loop;
    this.ticker = ticker;
  }

  @Override
  public Walk after(long revision, Predicate<RecordedChange> wanted) {
    JournalWalk walk = history.walkAfter(revision);
    return () -> history.read(revision, reader -> next(walk, reader, revision, wanted));
  }

  private Excerpt next(
      JournalWalk walk, LogReader reader, long after, Predicate<RecordedChange> wanted) {
    ChangeWalk taker = ChangeWalk.firstAfter(after, wanted);
    // Revisions go on without a change after a recovery: asked before how far there are entries.
    long known = current();
    long applied = history.applied();
    history.advance(walk, reader, taker);
    boolean end = walk.hasReached(applied);
    return new Excerpt(taker.oldestFirst(), end ? Math.max(known, walk.seen()) : walk.seen(), end);
  }

  @Override
  public Walk upTo(long revision, Predicate<RecordedChange> wanted) {
    return new Back(revision, wanted);
  }

  /** Goes back from anchor to anchor; between two it reads forward. One excerpt at a time. */
  private final class Back implements Walk {
    private final Predicate<RecordedChange> wanted;
    private long upTo;

    Back(long upTo, Predicate<RecordedChange> wanted) {
      this.upTo = upTo;
      this.wanted = wanted;
    }

    @Override
    public CompletableFuture<Excerpt> next() {
      return history.read(upTo, this::previous).exceptionallyCompose(this::orEnd);
    }

    private Excerpt previous(LogReader reader) {
      Optional<Anchor> from = history.anchors().atOrBefore(upTo - 1);
      if (upTo <= 0 || from.isEmpty()) {
        return end();
      }
      long after = from.get().revision();
      ChangeWalk taker = ChangeWalk.lastOf(after, upTo, wanted);
      JournalWalk walk = history.walkFrom(from.get(), after);
      long applied = history.applied();
      while (!taker.isFull() && !walk.hasReached(applied)) {
        history.advance(walk, reader, taker);
      }
      var changes = taker.newestFirst();
      upTo = taker.isCut() ? changes.getLast().revision() - 1 : after;
      return new Excerpt(changes, upTo, upTo <= 0);
    }

    /** What the journal no longer holds is where this walk ends. */
    private CompletableFuture<Excerpt> orEnd(Throwable thrown) {
      Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
      boolean gone = cause instanceof ApiFailure failure && failure.reason() == Reason.EXPIRED;
      return gone
          ? CompletableFuture.completedFuture(end())
          : CompletableFuture.failedFuture(cause);
    }

    private Excerpt end() {
      return new Excerpt(List.of(), upTo, true);
    }
  }

  @Override
  public CompletableFuture<Long> revisionAt(Instant time) {
    Optional<Anchor> from = history.anchors().writtenBy(time.toEpochMilli());
    if (from.isEmpty()) {
      return oldest().thenCompose(oldest -> CompletableFuture.failedFuture(tooEarly(time, oldest)));
    }
    long after = from.get().revision();
    JournalWalk walk = history.walkFrom(from.get(), after);
    LastBy last = new LastBy(time.toEpochMilli(), after);
    return history.read(
        after,
        reader -> {
          long applied = history.applied();
          while (!last.isFull() && !walk.hasReached(applied)) {
            history.advance(walk, reader, last);
          }
          return last.revision;
        });
  }

  private static ApiFailure tooEarly(Instant time, long oldest) {
    return Failures.expired(
        "The journal does not go back to %s; the oldest revision it goes back to is %d"
            .formatted(time, Math.max(1, oldest)));
  }

  /** Finds the last revision that was given out up to a time. */
  private static final class LastBy implements JournalWalk.Taker {
    private final long timeMs;
    private long revision;
    private boolean past;

    LastBy(long timeMs, long revision) {
      this.timeMs = timeMs;
      this.revision = revision;
    }

    @Override
    public void take(Entry.Commit commit) {
      past |= commit.timeMs() > timeMs;
      if (!past) {
        revision = commit.changes().getLast().revision();
      }
    }

    @Override
    public boolean isFull() {
      return past;
    }
  }

  @Override
  public CompletableFuture<Long> oldest() {
    return history.read(
        0,
        _ -> {
          history.dropTruncated();
          return history.anchors().first().map(Anchor::revision).orElseGet(this::current);
        });
  }

  private long current() {
    return view.current().revision();
  }

  @Override
  public void whenNewer(long revision, Runnable action) {
    loop.awaitRevision(
        new Waiters.Waiter(revision + 1, ticker.getAsLong() + LONGEST_WAIT, _ -> action.run()));
  }
}
