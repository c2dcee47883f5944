package dev.shiplog.api.store;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Changes of all resources, with who made them, as far back as the journal goes. Any thread. */
public interface ChangeLog {

  /**
   * Begins to read the changes after a revision, oldest first.
   *
   * @param wanted which ones; called on a thread of the journal's history
   * @throws dev.shiplog.api.status.ApiFailure {@code Expired} if the journal does not go back so
   *     far; the message names the oldest revision that can be asked for
   */
  Walk after(long revision, Predicate<RecordedChange> wanted);

  /** Begins to read the changes up to a revision, newest first; it ends where the journal does. */
  Walk upTo(long revision, Predicate<RecordedChange> wanted);

  /**
   * The last revision that was given out up to a time, by the clocks of those who led then.
   *
   * @return 0 if that is before the first change of the cluster; fails with {@code Expired} if the
   *     journal does not go back so far
   */
  CompletableFuture<Long> revisionAt(Instant time);

  /** The revision after which the journal has every change; 0 if it has all there ever were. */
  CompletableFuture<Long> oldest();

  /** Runs the action once, when a greater revision was applied here, or some seconds later. */
  void whenNewer(long revision, Runnable action);

  /** Changes in order, some at a time: the next ones are asked for when these have come. */
  @FunctionalInterface
  interface Walk {

    /**
     * The next ones.
     *
     * @return fails with {@code Expired} if they are gone, {@code ServiceUnavailable} if they
     *     cannot be read now
     */
    CompletableFuture<Excerpt> next();
  }

  /**
   * Some changes; there may be none although there are more.
   *
   * @param seen how far the journal was read: every wanted change up to this revision, or down to
   *     it, has been given
   * @param end whether there is nothing more for now
   */
  record Excerpt(List<RecordedChange> changes, long seen, boolean end) {
    public Excerpt {
      changes = List.copyOf(changes);
    }
  }
}
