package dev.shiplog.api.transactions;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.StaleException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for futures, on a virtual thread, with a bound. */
final class Waiting {

  /** Longer than any step takes that is not lost: webhooks end after 30 s. */
  private static final long MOST_SECONDS = 60;

  private Waiting() {}

  /**
   * Waits for a result.
   *
   * @throws RuntimeException what it failed with; a {@code Timeout} if it takes too long
   */
  static <T> T on(CompletableFuture<T> future) {
    try {
      return future.get(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } catch (TimeoutException e) {
      throw Failures.timeout("the transaction did not complete in time; it may still take effect");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.unavailable("the server is shutting down");
    }
  }

  /** Waits until one of them completes, and fails if that one does. */
  static void onEither(CompletableFuture<?> one, CompletableFuture<?> other) {
    Object _ = on(CompletableFuture.anyOf(one, other));
  }

  private static RuntimeException unwrapped(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && !(cause instanceof RuntimeException r && isOwn(r))) {
      cause = cause.getCause();
    }
    return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
  }

  private static boolean isOwn(RuntimeException failure) {
    return failure instanceof ApiFailure || failure instanceof StaleException;
  }
}
