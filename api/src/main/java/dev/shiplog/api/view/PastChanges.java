package dev.shiplog.api.view;

import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.view.History.Excerpt;
import dev.shiplog.api.view.History.Walk;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What objects of a resource were before everything that a walk brings: for each object that
 * changed, what was before its first change. One excerpt is read after the other, so only one
 * thread is here at a time.
 */
final class PastChanges {

  /** Clients give up on a request after 30 s or more. */
  private static final Duration BOUND = Duration.ofSeconds(25);

  private final Walk walk;
  private final long upTo;
  private final Map<String, EncodedObject> before = new HashMap<>();
  private final CompletableFuture<PastChanges> read = new CompletableFuture<>();

  /**
   * Makes one.
   *
   * @param upTo changes of later revisions do not concern it
   */
  PastChanges(Walk walk, long upTo) {
    this.walk = walk;
    this.upTo = upTo;
  }

  /** Reads them all; or fails with a {@code Timeout}, and reads no further. */
  CompletableFuture<PastChanges> read() {
    next();
    return read.orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS)
        .exceptionallyCompose(thrown ->
            CompletableFuture.failedFuture(
                thrown instanceof TimeoutException
                    ? Failures.timeout("the journal could not be read back so far in time")
                    : thrown));
  }

  /** The table as it was before them. */
  ResourceTable undo(ResourceTable now) {
    ResourceTable table = now;
    for (Map.Entry<String, EncodedObject> one : before.entrySet()) {
      table = one.getValue() == null ? table.minus(one.getKey(), 0) : table.plus(one.getValue());
    }
    return table;
  }

  private void next() {
    var _ = walk.next().whenComplete(this::take);
  }

  private void take(Excerpt excerpt, Throwable failure) {
    if (failure != null) {
      read.completeExceptionally(failure);
      return;
    }
    excerpt.events().forEach(this::take);
    if (excerpt.seen() >= upTo) {
      read.complete(this);
    } else if (!read.isDone()) {
      next();
    }
  }

  private void take(StoredEvent event) {
    String key =
        ((EncodedObject) (event.before() == null ? event.after() : event.before())).keyText();
    if (event.revision() <= upTo && !before.containsKey(key)) {
      before.put(key, (EncodedObject) event.before());
    }
  }
}
