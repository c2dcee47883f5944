package dev.shiplog.api.store;

import dev.shiplog.topics.catalogue.StorageResource;
import java.util.concurrent.CompletableFuture;

/** What the verbs of the API may ask of cluster state. Any thread. */
public interface Store {

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

  /**
   * Records that a command was refused or had nothing to change, so that its outcome is known
   * exactly once.
   *
   * @param request its origin names the command; it has no changes
   */
  CompletableFuture<Void> skip(
      CommitRequest request, dev.shiplog.topics.journal.CommandResult result);

  /** A snapshot that satisfies the demand, or an {@link dev.shiplog.api.status.ApiFailure}. */
  CompletableFuture<Snapshot> read(ReadAt at);

  /**
   * The state of a resource at exactly a revision, from as far back as the journal goes.
   *
   * @param revision positive; one that is still to come is waited for
   * @return good for reading this resource; or {@code Expired} if history back to it is gone, or as
   *     {@link #read}
   */
  CompletableFuture<Snapshot> past(StorageResource resource, long revision);

  /** The newest snapshot applied here, at once. */
  Snapshot current();

  /**
   * Events of a resource after a revision.
   *
   * @param afterRevision the first event has a greater one
   * @throws dev.shiplog.api.status.ApiFailure {@code Expired} if history back to it is gone
   */
  EventCursor events(StorageResource resource, long afterRevision);
}
