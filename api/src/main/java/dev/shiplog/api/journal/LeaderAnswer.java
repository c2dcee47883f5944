package dev.shiplog.api.journal;

import dev.shiplog.api.store.CommitResult;

/** What a leader says of a commit that a follower handed to it, unless it refuses. */
public sealed interface LeaderAnswer {

  /**
   * It counts; the follower finds what became of it in the journal.
   *
   * @param revision the last that was given out for it
   */
  record Committed(long revision) implements LeaderAnswer {}

  /**
   * Nothing had to change, or it was a dry run: the journal has nothing of it.
   *
   * @param result with revision 0
   */
  record Unchanged(CommitResult result) implements LeaderAnswer {}
}
