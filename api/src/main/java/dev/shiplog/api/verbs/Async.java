package dev.shiplog.api.verbs;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Going on after something the store completes on its own thread. */
final class Async {

  private Async() {}

  /** Goes on at once if there is nothing to wait for, else on the executor. */
  static <T, U> CompletableFuture<U> then(
      CompletableFuture<T> awaited, Executor executor, Function<T, CompletableFuture<U>> next) {
    return awaited.state() == java.util.concurrent.Future.State.SUCCESS
        ? next.apply(awaited.resultNow())
        : awaited.thenComposeAsync(next, executor);
  }

  /** Turns what is thrown into a failed future, so that both look alike. */
  static <T> CompletableFuture<T> attempt(java.util.function.Supplier<CompletableFuture<T>> step) {
    try {
      return step.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** What really failed. */
  static Throwable cause(Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
