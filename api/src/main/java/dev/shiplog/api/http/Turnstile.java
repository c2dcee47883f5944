package dev.shiplog.api.http;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.flow.FlowControl;
import dev.shiplog.api.flow.FlowControl.Outcome;
import dev.shiplog.api.flow.Permit;
import dev.shiplog.topics.journal.UserInfo;
import io.vertx.core.Vertx;
import java.util.function.Consumer;

/**
 * Lets a request through when flow control has a seat for it. The seat is given back with the end
 * of the answer, or of the connection.
 */
final class Turnstile {

  private static final long LONGEST_WAIT_MS = 15_000;

  private final FlowControl control;
  private final Vertx vertx;
  private final Responder responder;

  Turnstile(FlowControl control, Vertx vertx, Responder responder) {
    this.control = control;
    this.vertx = vertx;
    this.responder = responder;
  }

  /**
   * Goes on with a request, now or when it is its turn; on the exchange's event loop.
   *
   * @param then may give the seat back early
   * @throws dev.shiplog.api.status.ApiFailure {@code TooManyRequests}
   */
  void pass(Exchange exchange, UserInfo user, Attributes asked, Consumer<Permit> then) {
    long[] timer = {-1};
    Outcome outcome =
        control.ask(
            user,
            asked,
            permit ->
                exchange
                    .executor()
                    .execute(() -> {
                      vertx.cancelTimer(timer[0]);
                      resume(exchange, permit, then);
                    }));
    switch (outcome) {
      case Outcome.Seated seated -> seat(exchange, seated.permit(), then);
      case Outcome.Queued queued -> {
        // What the client sends meanwhile stays where it is.
        exchange.request().pause();
        timer[0] = vertx.setTimer(LONGEST_WAIT_MS, late -> giveUp(exchange, queued));
        exchange
            .response()
            .closeHandler(gone -> {
              var _ = queued.giveUp().getAsBoolean();
            });
      }
    }
  }

  private void giveUp(Exchange exchange, Outcome.Queued queued) {
    if (queued.giveUp().getAsBoolean()) {
      exchange.request().resume();
      responder.fail(exchange, FlowControl.tooMany());
    }
  }

  private void resume(Exchange exchange, Permit permit, Consumer<Permit> then) {
    if (exchange.response().closed()) {
      permit.release();
      return;
    }
    exchange.response().closeHandler(null);
    exchange.request().resume();
    try {
      seat(exchange, permit, then);
    } catch (RuntimeException refused) {
      responder.fail(exchange, refused);
    }
  }

  private static void seat(Exchange exchange, Permit permit, Consumer<Permit> then) {
    exchange.response().endHandler(ended -> permit.release());
    if (!permit.schemaUid().isEmpty()) {
      exchange
          .response()
          .putHeader("X-Kubernetes-PF-FlowSchema-UID", permit.schemaUid())
          .putHeader("X-Kubernetes-PF-PriorityLevel-UID", permit.levelUid());
    }
    then.accept(permit);
  }
}
