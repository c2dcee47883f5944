package dev.shiplog.api.journal;

import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import java.util.concurrent.CompletableFuture;

/** How a follower hands a commit to the leader. Any thread; never blocks. */
@FunctionalInterface
public interface CommitForwarder {

  /** Hands nothing over: changes must be sent to the leader. */
  CommitForwarder NONE =
      (leaderAddress, _) ->
          CompletableFuture.failedFuture(
              Failures.unavailable(
                  "this API server does not lead; "
                      + (leaderAddress.isEmpty()
                          ? "try again once one does"
                          : "send changes to " + leaderAddress + ", which does")));

  /**
   * Hands a commit over.
   *
   * @param leaderAddress what the leader's claim says of where it is reached; empty if it serves
   *     alone, or if there is no leader yet
   * @return as {@link dev.shiplog.api.store.Store#commit}
   */
  CompletableFuture<CommitResult> forward(String leaderAddress, CommitRequest request);
}
