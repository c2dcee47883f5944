package dev.shiplog.api.journal;

import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import java.util.concurrent.CompletableFuture;

/** How a follower hands a commit to the leader. Any thread; never blocks. */
@FunctionalInterface
public interface CommitForwarder {

  /**
   * Hands a commit over.
   *
   * @param leaderAddress what the leader's claim says of where it is reached; empty if it serves
   *     alone, or if there is no leader yet
   * @return as {@link dev.shiplog.api.store.Store#commit}
   */
  CompletableFuture<CommitResult> forward(String leaderAddress, CommitRequest request);
}
