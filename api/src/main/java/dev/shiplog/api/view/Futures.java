package dev.shiplog.api.view;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What became of something that is done. */
final class Futures {

  private Futures() {}

  /** The result, or throws the failure itself. */
  static <T> T get(CompletableFuture<T> done) {
    try {
      return done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
