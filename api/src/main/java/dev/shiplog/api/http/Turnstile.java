package dev.shiplog.api.http;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.flow.FlowControl;
import dev.shiplog.api.flow.FlowControl.Outcome;
import dev.shiplog.api.flow.Permit;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.status.Failures;
import dev.shiplog.topics.journal.UserInfo;
import io.vertx.core.Vertx;
import java.time.Duration;
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
  private final Duration longest;

  /**
   * A turnstile.
   *
   * @param longest how long a seat is kept at most
   */
  Turnstile(FlowControl control, Vertx vertx, Responder responder, Duration longest) {
    this.control = control;
    this.vertx = vertx;
    this.responder = responder;
    this.longest = longest;
  }

  /**
   * Goes on with a request, now or when it is its turn; on the exchange's event loop.
   *
   * @param then may give the seat back early
   * @throws dev.shiplog.api.status.ApiFailure {@code TooManyRequests}
   */
  void pass(Exchange exchange, UserInfo user, Attributes asked, Consumer<Permit> then) {
    pass(exchange, user, asked, 1, () -> {}, then);
  }

  /**
   * The same.
   *
   * @param width how many seats it takes
   * @param waited runs when the wait is over, one way or the other, and perhaps again; not if the
   *     request is refused at once
   */
  void pass(
      Exchange exchange,
      UserInfo user,
      Attributes asked,
      int width,
      Runnable waited,
      Consumer<Permit> then) {
    long[] timer = {-1};
    Outcome outcome =
        control.ask(
            user,
            asked,
            width,
            permit ->
                exchange
                    .executor()
                    .execute(() -> {
                      vertx.cancelTimer(timer[0]);
                      waited.run();
                      resume(exchange, permit, then);
                    }));
    switch (outcome) {
      case Outcome.Seated seated -> {
        waited.run();
        seat(exchange, seated.permit(), then);
      }
      case Outcome.Queued queued -> {
        // What the client sends meanwhile stays where it is.
        if (!exchange.request().isEnded()) {
          exchange.request().pause();
        }
        timer[0] = vertx.setTimer(LONGEST_WAIT_MS, late -> giveUp(exchange, queued, waited));
        exchange
            .response()
            .closeHandler(gone -> {
              var _ = queued.giveUp().getAsBoolean();
              waited.run();
            });
      }
    }
  }

  /** How many seats a list takes. */
  int width(Target target, int limit) {
    return target
        .type()
        .storage()
        .map(storage -> control.width(storage, target.namespace(), limit))
        .orElse(1);
  }

  private void giveUp(Exchange exchange, Outcome.Queued queued, Runnable waited) {
    if (queued.giveUp().getAsBoolean()) {
      waited.run();
      goOn(exchange);
      responder.fail(exchange, FlowControl.tooMany());
    }
  }

  private void resume(Exchange exchange, Permit permit, Consumer<Permit> then) {
    if (exchange.response().closed()) {
      permit.release();
      return;
    }
    exchange.response().closeHandler(null);
    goOn(exchange);
    try {
      seat(exchange, permit, then);
    } catch (RuntimeException refused) {
      responder.fail(exchange, refused);
    }
  }

  private static void goOn(Exchange exchange) {
    if (!exchange.request().isEnded()) {
      exchange.request().resume();
    }
  }

  private void seat(Exchange exchange, Permit permit, Consumer<Permit> then) {
    long timer = vertx.setTimer(longest.toMillis(), late -> end(exchange, permit));
    exchange
        .response()
        .endHandler(ended -> {
          vertx.cancelTimer(timer);
          permit.release();
        });
    if (!permit.schemaUid().isEmpty()) {
      exchange
          .response()
          .putHeader("X-Kubernetes-PF-FlowSchema-UID", permit.schemaUid())
          .putHeader("X-Kubernetes-PF-PriorityLevel-UID", permit.levelUid());
    }
    then.accept(permit);
  }

  /**
   * Who reads or sends too slowly, or asked for too much, does not keep others from their seats.
   */
  private void end(Exchange exchange, Permit permit) {
    if (permit.isReleased()) {
      return; // a watch, which has a time-out of its own
    }
    responder.fail(exchange, Failures.timeout("the request was not answered in time"));
    permit.release();
  }
}
