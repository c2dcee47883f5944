package dev.shiplog.api.verbs;

import dev.shiplog.api.access.PendingAnswer;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitStore;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StaleException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Prepares a write from a snapshot and tries again when that was not the current state.
 *
 * <p>The first attempt takes the snapshot at hand, without a barrier: if it lags, the commit says
 * so. A refusal that follows from such a snapshot proves nothing, so it is tried once more from the
 * latest state. A commit that lost a race is tried again from what won it.
 */
final class Attempts {

  /** Each lost race means that another write won; so many in a row are a flood. */
  private static final int MOST = 500;

  /** How often a webhook may have to be asked before one write is decided. */
  private static final int MOST_ANSWERS = 64;

  private final CommitStore store;

  Attempts(CommitStore store) {
    this.store = store;
  }

  /**
   * Runs a step until it succeeds or is refused by the current state.
   *
   * @param step reads nothing but the snapshot; fails with {@link StaleException} to be run again
   */
  <T> CompletableFuture<T> run(Caller caller, Function<Snapshot, CompletableFuture<T>> step) {
    return runLeniently(caller, (state, _) -> step.apply(state));
  }

  /** The same for a step that goes on without a part of what it is about. */
  <T> CompletableFuture<T> runLeniently(Caller caller, LenientStep<T> step) {
    return new Run<>(caller, step).from(store.current(), false);
  }

  /** A step that does what it can. */
  @FunctionalInterface
  interface LenientStep<T> {

    /**
     * Runs it.
     *
     * @param latest false if the state may be behind: then a refusal that {@link #mayFollowFromLag}
     *     must fail the step, which is run again from the latest state
     */
    CompletableFuture<T> apply(Snapshot state, boolean latest);
  }

  /** One write's attempts, one after the other on its caller's executor. */
  private final class Run<T> {

    private final Caller caller;
    private final LenientStep<T> step;
    private int lost;
    private int waited;

    Run(Caller caller, LenientStep<T> step) {
      this.caller = caller;
      this.step = step;
    }

    CompletableFuture<T> from(Snapshot snapshot, boolean latest) {
      CompletableFuture<T> result = Async.attempt(() -> step.apply(snapshot, latest));
      return switch (result.state()) {
        case SUCCESS -> result;
        case FAILED, CANCELLED -> again(result.exceptionNow(), latest);
        case RUNNING ->
            result.exceptionallyComposeAsync(
                thrown -> again(Async.cause(thrown), latest), caller.executor());
      };
    }

    private CompletableFuture<T> again(Throwable thrown, boolean latest) {
      if (thrown instanceof PendingAnswer pending && waited < MOST_ANSWERS) {
        // A plug-in or a policy asks about somebody's rights, and a webhook decides on them.
        waited++;
        return pending
            .answered()
            .thenComposeAsync(known -> from(store.current(), latest), caller.executor());
      }
      if (thrown instanceof StaleException stale) {
        lost++;
        return lost < MOST
            ? fromRead(after(stale), false)
            : CompletableFuture.failedFuture(
                Failures.unavailable(
                    stale.key().text() + " changes faster than this request can; try again"));
      }
      return !latest && mayFollowFromLag(thrown)
          ? fromRead(new ReadAt.Latest(), true)
          : CompletableFuture.failedFuture(thrown);
    }

    private CompletableFuture<T> fromRead(ReadAt at, boolean latest) {
      return Async.then(store.read(at), caller.executor(), snapshot -> from(snapshot, latest));
    }
  }

  private static ReadAt after(StaleException stale) {
    return stale.currentRevision() == 0
        ? new ReadAt.Latest()
        : new ReadAt.NotOlderThan(stale.currentRevision());
  }

  /** Whether a newer state may say otherwise. */
  static boolean mayFollowFromLag(Throwable thrown) {
    return thrown instanceof ApiFailure failure
        && switch (failure.reason()) {
          case NOT_FOUND, FORBIDDEN, CONFLICT, INVALID -> true;
          case BAD_REQUEST,
              UNAUTHORIZED,
              METHOD_NOT_ALLOWED,
              NOT_ACCEPTABLE,
              ALREADY_EXISTS,
              GONE,
              EXPIRED,
              REQUEST_ENTITY_TOO_LARGE,
              UNSUPPORTED_MEDIA_TYPE,
              TOO_MANY_REQUESTS,
              INTERNAL_ERROR,
              SERVICE_UNAVAILABLE,
              TIMEOUT ->
              false;
        };
  }
}
