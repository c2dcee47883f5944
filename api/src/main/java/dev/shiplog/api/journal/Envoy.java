package dev.shiplog.api.journal;

import dev.shiplog.topics.journal.Entry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Hands commits to the leader, and puts what it says into the loop's inbox. The loop alone. */
final class Envoy {

  private final CommitForwarder forwarder;
  private final Consumer<Input> inbox;

  Envoy(CommitForwarder forwarder, Consumer<Input> inbox) {
    this.forwarder = forwarder;
    this.inbox = inbox;
  }

  /** Lets the journal know if the leader's process ends. */
  void watch(Entry.Claim leader) {
    forwarder.watch(
        leader, () -> inbox.accept((journal, _) -> journal.leaderEnded(leader.epoch())));
  }

  void send(Entry.Claim leader, Submission.Commit commit) {
    CompletableFuture<?> _ =
        forwarder
            .forward(leader, commit.request())
            .whenComplete((answer, failure) -> report(commit, leader.epoch(), answer, failure));
  }

  private void report(
      Submission.Commit commit, long epoch, LeaderAnswer answer, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    inbox.accept((journal, now) -> journal.handedOver(commit, epoch, answer, cause, now));
  }
}
