package dev.shiplog.api.access;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import java.util.concurrent.CompletableFuture;

/**
 * Thrown where who sends a request, or whether they may, depends on an answer that another server
 * has been asked for and has not given yet. Who can wait does, and asks again: by then the answer
 * is known, or it is known that there is none. Who cannot wait passes the failure on, and the
 * client's next try finds the answer.
 */
public final class PendingAnswer extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient CompletableFuture<Void> answered;

  /** Pending until the future completes; it always does, and never fails. */
  public PendingAnswer(CompletableFuture<Void> answered) {
    super("an answer is being waited for", null, false, false);
    this.answered = answered;
  }

  public CompletableFuture<Void> answered() {
    return answered;
  }

  /** For those who cannot wait. */
  public static ApiFailure failure() {
    return Failures.unavailable("the webhook that decides this is being asked; try again");
  }
}
