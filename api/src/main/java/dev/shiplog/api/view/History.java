package dev.shiplog.api.view;

import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The past that is no longer in memory. Any thread; nothing here blocks. */
@FunctionalInterface
public interface History {

  /** There is none. */
  History NONE =
      (_, afterRevision) -> {
        throw Failures.expired("too old resource version: " + afterRevision);
      };

  /**
   * Begins to read the changes of a resource after a revision.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code Expired} if history does not go back so far
   */
  Walk after(StorageResource resource, long revision);

  /** Changes in order, some at a time: the next ones are asked for when these have come. */
  interface Walk {

    /**
     * The next ones.
     *
     * @return completes on a thread of the history; or with an {@link
     *     dev.shiplog.api.status.ApiFailure}: {@code Expired} if they are gone, {@code
     *     ServiceUnavailable} if they cannot be read now
     */
    CompletableFuture<Excerpt> next();
  }

  /**
   * Some changes of a resource.
   *
   * @param events oldest first; may be empty
   * @param seen there is no other change of the resource after those before, up to this revision
   */
  record Excerpt(List<StoredEvent> events, long seen) {
    public Excerpt {
      events = List.copyOf(events);
    }
  }
}
