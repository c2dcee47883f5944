package dev.shiplog.api.journal;

import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.topics.journal.Entry;
import java.util.concurrent.CompletableFuture;

/** How a follower hands a commit to the leader. Called by the journal's loop; never blocks. */
@FunctionalInterface
public interface CommitForwarder {

  /** Hands nothing over: changes must be sent to the leader. */
  CommitForwarder NONE =
      (leader, _) ->
          CompletableFuture.failedFuture(
              Failures.unavailable(
                  "this API server does not lead; "
                      + (leader.address().isEmpty()
                          ? "try again once one does"
                          : "send changes to " + leader.address() + ", which does")));

  /**
   * Hands a commit over, once: an implementation never sends it a second time by itself.
   *
   * @param leader the claim in force as far as this server has read; the leader takes the commit
   *     only if nobody else has led since
   * @return what the leader said. Exceptionally: {@link dev.shiplog.api.status.ApiFailure} or
   *     {@link dev.shiplog.api.store.StaleException} if it refused, {@link NotTakenException} if
   *     nothing can have happened, anything else if that is not known
   */
  CompletableFuture<LeaderAnswer> forward(Entry.Claim leader, CommitRequest request);

  /**
   * Looks after the process of the leader, in place of any other that was looked after before.
   *
   * @param ended called, on any thread, once that process was there and is there no more. A wrong
   *     call costs a change of the lead and nothing else
   */
  default void watch(Entry.Claim leader, Runnable ended) {}
}
