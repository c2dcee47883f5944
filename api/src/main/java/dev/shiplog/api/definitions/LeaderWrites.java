package dev.shiplog.api.definitions;

import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.topics.journal.UserInfo;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** How the leader writes for itself: as any client does, waiting for the answer. Any thread. */
final class LeaderWrites {

  private static final Logger LOG = Logger.getLogger(LeaderWrites.class);
  private static final UserInfo SELF =
      UserInfo.of("system:apiserver", "system:masters", "system:authenticated");
  private static final long PATIENCE_SECONDS = 60;

  private final DefinitionRun.Environment environment;

  LeaderWrites(DefinitionRun.Environment environment) {
    this.environment = environment;
  }

  /** Whether it was committed; if not, the state is to be looked at again. */
  boolean commit(ProposedChange change) {
    String verb = change instanceof ProposedChange.Delete ? "delete" : "update";
    return settle(
        environment
            .store()
            .commit(new CommitRequest(caller().origin(verb), List.of(change), false)));
  }

  /** Whether it was done; if not, the state is to be looked at again. */
  boolean run(ApiRequest request) {
    return settle(environment.verbs().handle(request));
  }

  Caller caller() {
    return new Caller(
        SELF,
        UUID.randomUUID().toString(),
        "",
        List.of(),
        "apiserver",
        environment.clock().millis(),
        Optional.empty(),
        environment.workers());
  }

  private static boolean settle(CompletableFuture<?> done) {
    try {
      var _ = done.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
      return true;
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      if (!(cause instanceof StaleException || cause instanceof ApiFailure)) {
        LOG.warn("a custom resource could not be looked after; it is tried again", e);
      }
      return false;
    }
  }
}
