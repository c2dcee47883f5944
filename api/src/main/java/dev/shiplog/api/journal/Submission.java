package dev.shiplog.api.journal;

import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.journal.Origin;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Something that asks for an entry, and waits to hear what became of it. Answered at most once;
 * later answers are lost on it.
 */
sealed interface Submission {

  Origin origin();

  /** How many bytes it holds while it waits. */
  long size();

  /** When it is answered with or without an outcome, by the loop's ticker. */
  long deadlineNanos();

  CompletableFuture<CommitResult> answer();

  default boolean isAnswered() {
    return answer().isDone();
  }

  /**
   * Asks for changes.
   *
   * @param askedOfEpoch the epoch whose leader another server handed it to; 0 if a client asked
   *     this server
   */
  record Commit(
      CommitRequest request,
      List<PreparedChange> changes,
      long deadlineNanos,
      long askedOfEpoch,
      CompletableFuture<CommitResult> answer)
      implements Submission {

    /** Whether another server waits for it, and will find another way if this one cannot help. */
    boolean isHandedOver() {
      return askedOfEpoch > 0;
    }

    @Override
    public Origin origin() {
      return request.origin();
    }

    boolean dryRun() {
      return request.dryRun();
    }

    /** Each asks for itself, also where two ask for the same. */
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override
    public long size() {
      return changes.stream().mapToLong(PreparedChange::size).sum();
    }
  }

  /** Asks to have the result of a command put down that changes nothing. */
  record Skip(
      Origin origin,
      CommandResult result,
      long deadlineNanos,
      CompletableFuture<CommitResult> answer)
      implements Submission {

    @Override
    public long size() {
      return 0;
    }
  }
}
