package dev.shiplog.api.journal;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.api.store.Store;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.UserInfo;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * What the API server writes for itself: it waits for the outcome, and who asked looks at the state
 * again where there was another. Any thread that may wait.
 */
public final class OwnCommits {

  private static final Logger LOG = Logger.getLogger(OwnCommits.class);
  private static final long PATIENCE_SECONDS = 60;

  private final Store store;
  private final InstantSource clock;
  private final UserInfo self;

  /**
   * Writes as somebody.
   *
   * @param self who the audit log says it was
   */
  public OwnCommits(Store store, InstantSource clock, UserInfo self) {
    this.store = store;
    this.clock = clock;
    this.self = self;
  }

  /**
   * Commits changes, all or none.
   *
   * @param uri of the request that a client would have sent
   * @return whether they were; if not, the state is to be looked at again
   */
  public boolean commit(String verb, String uri, List<ProposedChange> changes) {
    Origin origin =
        new Origin(
            UUID.randomUUID().toString(),
            verb,
            uri,
            self,
            List.of(),
            "apiserver",
            clock.millis(),
            Optional.empty());
    return settled(store.commit(new CommitRequest(origin, changes, false)));
  }

  /** Waits for a write; whether it was done. What somebody else changed meanwhile is no wonder. */
  public static boolean settled(CompletableFuture<?> write) {
    try {
      var _ = write.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
      return true;
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof StaleException || e.getCause() instanceof ApiFailure)) {
        LOG.warn("the API server could not write for itself; it is tried again", e);
      }
      return false;
    }
  }
}
