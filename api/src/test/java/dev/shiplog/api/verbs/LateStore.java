package dev.shiplog.api.verbs;

import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.CommitStore;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import java.util.concurrent.CompletableFuture;

/** A store that has not applied what was committed since this was made. */
final class LateStore implements CommitStore {

  private final CommitStore store;
  private final Snapshot behind;

  LateStore(CommitStore store) {
    this.store = store;
    this.behind = store.current();
  }

  @Override
  public CompletableFuture<CommitResult> commit(CommitRequest request) {
    return store.commit(request);
  }

  @Override
  public CompletableFuture<Snapshot> read(ReadAt at) {
    return store.read(at);
  }

  @Override
  public Snapshot current() {
    return behind;
  }
}
