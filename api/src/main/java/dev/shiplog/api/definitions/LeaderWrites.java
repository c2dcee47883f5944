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

/**
 * How the leader writes for itself, or for a controller that it stands in for: as any client does,
 * waiting for the answer. Any thread.
 */
public final class LeaderWrites {

  private static final Logger LOG = Logger.getLogger(LeaderWrites.class);
  private static final UserInfo SELF =
      UserInfo.of("system:apiserver", "system:masters", "system:authenticated");
  private static final long PATIENCE_SECONDS = 60;

  private final DefinitionRun.Environment environment;
  private final UserInfo writer;

  /** In the server's own name. */
  LeaderWrites(DefinitionRun.Environment environment) {
    this(environment, SELF);
  }

  /**
   * In the name of a user.
   *
   * @param writer who is told to have written
   */
  public LeaderWrites(DefinitionRun.Environment environment, UserInfo writer) {
    this.environment = environment;
    this.writer = writer;
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
  public boolean run(ApiRequest request) {
    return settle(environment.verbs().handle(request));
  }

  /** Who asks, for one request. */
  public Caller caller() {
    return new Caller(
        writer,
        UUID.randomUUID().toString(),
        "",
        List.of(),
        "apiserver",
        environment.clock().millis(),
        Optional.empty(),
        environment.workers());
  }

  private boolean settle(CompletableFuture<?> done) {
    try {
      var _ = done.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
      return true;
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      if (!(cause instanceof StaleException || cause instanceof ApiFailure)) {
        LOG.warnf(e, "%s could not write; it is tried again", writer.username());
      }
      return false;
    }
  }
}
