package dev.shiplog.api.http;

import dev.shiplog.api.access.PendingAnswer;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.topics.trace.LogScope;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** The one place that judges what went wrong with a request: the client's failure, or a bug. */
final class FailureClassifier {

  private static final Logger LOG = Logger.getLogger(FailureClassifier.class);

  private FailureClassifier() {}

  /** What the client is told. A bug is logged here, under the request's audit id. */
  static ApiFailure classify(Throwable thrown, Exchange exchange) {
    String auditId = exchange.auditId();
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case ApiFailure failure -> failure;
      case PendingAnswer _ -> PendingAnswer.failure();
      case StaleException stale ->
          Failures.staleRevision(
              stale.key().resource().group(), stale.key().resource().plural(), stale.key().name());
      case TimeoutException late ->
          Failures.timeout("the request did not complete in time; it may still take effect");
      case RejectedExecutionException stopping ->
          Failures.unavailable("the server is shutting down");
      default -> {
        try (var _ = LogScope.of(auditId, exchange.step().traceparent())) {
          LOG.errorf(cause, "request %s failed: %s", auditId, exchange.request().uri());
        }
        yield Failures.internal(
            "an error on the server prevented the request from succeeding; the server's log has it"
                + " under audit id "
                + auditId);
      }
    };
  }
}
