package dev.shiplog.api.access;

import dev.shiplog.api.status.Failures;
import dev.shiplog.topics.journal.UserInfo;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits where another server has to be asked first. For threads that may wait: those of requests
 * that ask about many things, none of which is worth a failure.
 */
public final class PatientAuthorizer implements Authorizer {

  /** Several webhooks may have to be asked, one after the other. */
  private static final int MOST_ANSWERS = 64;

  /** Longer than any webhook is given. */
  private static final long MOST_SECONDS = 60;

  private final Authorizer authorizer;

  public PatientAuthorizer(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  @Override
  public Decision authorize(UserInfo user, Attributes attributes) {
    for (int i = 0; i < MOST_ANSWERS; i++) {
      try {
        return authorizer.authorize(user, attributes);
      } catch (PendingAnswer pending) {
        await(pending);
      }
    }
    throw PendingAnswer.failure();
  }

  @Override
  public UserRules rules(UserInfo user, String namespace) {
    return authorizer.rules(user, namespace);
  }

  private static void await(PendingAnswer pending) {
    try {
      var _ = pending.answered().get(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.unavailable("the server is shutting down");
    } catch (ExecutionException | TimeoutException e) {
      throw PendingAnswer.failure();
    }
  }
}
