package dev.shiplog.api.store;

import dev.shiplog.topics.catalogue.StorageResource;
import java.util.concurrent.CompletableFuture;

/** What the verbs of the API may ask of cluster state, its past included. Any thread. */
public interface Store extends CommitStore {

  /**
   * Records that a command was refused or had nothing to change, so that its outcome is known
   * exactly once.
   *
   * @param request its origin names the command; it has no changes
   */
  CompletableFuture<Void> skip(
      CommitRequest request, dev.shiplog.topics.journal.CommandResult result);

  /**
   * The state of a resource at exactly a revision, from as far back as the journal goes.
   *
   * @param revision positive; one that is still to come is waited for
   * @return good for reading this resource; or {@code Expired} if history back to it is gone, or as
   *     {@link #read}
   */
  CompletableFuture<Snapshot> past(StorageResource resource, long revision);

  /**
   * Events of a resource after a revision.
   *
   * @param afterRevision the first event has a greater one
   * @throws dev.shiplog.api.status.ApiFailure {@code Expired} if history back to it is gone
   */
  EventCursor events(StorageResource resource, long afterRevision);
}
