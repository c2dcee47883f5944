package dev.shiplog.api.transactions;

import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.CommitStore;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A store in which nothing happens yet: it collects what verbs would commit, and shows each what
 * those before it do. Its verbs' commits are answered when the real one is. One thread.
 */
final class DraftStore implements CommitStore {

  private final ObjectCodec codec;
  private final List<ProposedChange> changes = new ArrayList<>();
  private final List<CompletableFuture<CommitResult>> answers = new ArrayList<>();
  private State state;
  private CompletableFuture<Void> reached = new CompletableFuture<>();

  DraftStore(State state, ObjectCodec codec) {
    this.state = state;
    this.codec = codec;
  }

  /** Completes when the next verb has come to its commit. */
  CompletableFuture<Void> awaitNext() {
    reached = new CompletableFuture<>();
    return reached;
  }

  /** What was collected so far, in order. */
  List<ProposedChange> changes() {
    return List.copyOf(changes);
  }

  boolean holds(ObjectKey key) {
    return changes.stream().anyMatch(change -> change.key().equals(key));
  }

  /** Answers the verbs. */
  void settle(CommitResult result) {
    for (int i = 0; i < answers.size(); i++) {
      answers
          .get(i)
          .complete(new CommitResult(List.of(result.objects().get(i)), result.revision()));
    }
  }

  @Override
  public CompletableFuture<CommitResult> commit(CommitRequest request) {
    ProposedChange change = request.changes().getFirst();
    ObjectKey key = change.key();
    if (change instanceof ProposedChange.Create && state.get(key).isPresent()) {
      return CompletableFuture.failedFuture(
          Failures.alreadyExists(key.resource().group(), key.resource().plural(), key.name()));
    }
    if (holds(key)) {
      return CompletableFuture.failedFuture(changedTwice(key));
    }
    changes.add(change);
    show(change);
    CompletableFuture<CommitResult> answer = new CompletableFuture<>();
    answers.add(answer);
    reached.complete(null);
    return answer;
  }

  private static RuntimeException changedTwice(ObjectKey key) {
    return Failures.badRequest(
        "%s \"%s\" is changed by an earlier operation already: a transaction changes an object once"
            .formatted(key.resource().qualifiedName(), key.name()));
  }

  private void show(ProposedChange change) {
    String text = change.key().text();
    long next = state.revision() + 1;
    state =
        switch (change) {
          case ProposedChange.Create create ->
              state.plus(codec.encode(create.key(), text, create.object()).at(next));
          case ProposedChange.Update update ->
              state.plus(codec.encode(update.key(), text, update.object()).at(next));
          case ProposedChange.Delete delete -> state.minus(delete.key().resource(), text, next);
        };
  }

  @Override
  public CompletableFuture<Snapshot> read(ReadAt at) {
    return CompletableFuture.completedFuture(state);
  }

  @Override
  public Snapshot current() {
    return state;
  }
}
