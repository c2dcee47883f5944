package dev.shiplog.api.store;

import java.util.concurrent.CompletableFuture;

/** Cluster state as those see it who change it: what is there now, and what is to become of it. */
public interface CommitStore {

  /**
   * Commits changes as one transaction, or refuses all of them.
   *
   * @return completes when the commit was applied here; or exceptionally with an {@link
   *     dev.shiplog.api.status.ApiFailure}: {@code AlreadyExists} for a {@link
   *     ProposedChange.Create} whose key is taken, {@link StaleException} for a revision that is no
   *     longer the current one, what a commit rule says, {@code RequestEntityTooLarge}, {@code
   *     ServiceUnavailable} (nothing happened), {@code Timeout} (unknown)
   */
  CompletableFuture<CommitResult> commit(CommitRequest request);

  /** A snapshot that satisfies the demand, or an {@link dev.shiplog.api.status.ApiFailure}. */
  CompletableFuture<Snapshot> read(ReadAt at);

  /** The newest snapshot applied here, at once. */
  Snapshot current();
}
