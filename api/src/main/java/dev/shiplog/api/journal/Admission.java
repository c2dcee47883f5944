package dev.shiplog.api.journal;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Bounds how many commits are under way, and how large they are together. Any thread. */
final class Admission {

  private final int maxCommits;
  private final long maxBytes;
  private final JournalMetrics metrics;
  private final CompletableFuture<Void> empty = new CompletableFuture<>();
  private int commits;
  private long bytes;
  private boolean closed;

  Admission(int maxCommits, long maxBytes, JournalMetrics metrics) {
    this.metrics = metrics;
    this.maxCommits = maxCommits;
    this.maxBytes = maxBytes;
  }

  /**
   * Lets a submission in until it is answered.
   *
   * @throws ApiFailure {@code TooManyRequests}, or {@code ServiceUnavailable} once this was closed
   */
  void admit(Submission submission) {
    long size = submission.size();
    enter(size);
    long since = System.nanoTime();
    CompletableFuture<?> _ =
        submission
            .answer()
            .whenComplete((_, failure) -> {
              leave(size);
              metrics.answered(System.nanoTime() - since, failure);
            });
  }

  /** Lets nobody in any more; completes when all have left. */
  CompletableFuture<Void> close() {
    boolean nobody;
    synchronized (this) {
      closed = true;
      nobody = commits == 0;
    }
    if (nobody) {
      empty.complete(null);
    }
    return empty;
  }

  static ApiFailure tooManyRequests() {
    return new ApiFailure(
        Reason.TOO_MANY_REQUESTS,
        Reason.TOO_MANY_REQUESTS.code(),
        "the API server has too many requests under way; try again",
        null,
        List.of(),
        1);
  }

  static ApiFailure shuttingDown() {
    return Failures.unavailable("this API server is shutting down; nothing was changed");
  }

  private synchronized void enter(long size) {
    if (closed) {
      throw shuttingDown();
    }
    if (commits >= maxCommits || bytes + size > maxBytes) {
      throw tooManyRequests();
    }
    commits++;
    bytes += size;
  }

  private void leave(long size) {
    boolean last;
    synchronized (this) {
      commits--;
      bytes -= size;
      last = closed && commits == 0;
    }
    if (last) {
      empty.complete(null);
    }
  }
}
