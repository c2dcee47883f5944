package dev.shiplog.api.http;

import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.verbs.Answer;
import dev.shiplog.api.verbs.Verbs;
import java.util.concurrent.CompletableFuture;

/** Has requests carried out, and answers them on their event loops. */
final class VerbCalls {

  private final Verbs verbs;
  private final RemoteConversions conversions;
  private final Responder responder;

  VerbCalls(Verbs verbs, RemoteConversions conversions, Responder responder) {
    this.verbs = verbs;
    this.conversions = conversions;
    this.responder = responder;
  }

  /** Carries a request out and answers it. */
  void answer(Exchange exchange, ApiRequest request) {
    settle(
        exchange,
        RemoteConversions.waitFor(request.target().type())
            ? conversions.handle(() -> verbs.handle(request))
            : verbs.handle(request));
  }

  /** Answers with what comes of it. */
  void settle(Exchange exchange, CompletableFuture<Answer> answered) {
    var _ =
        answered.whenComplete(
            (answer, thrown) -> exchange.run(() -> respond(exchange, answer, thrown)));
  }

  private void respond(Exchange exchange, Answer answer, Throwable thrown) {
    try {
      if (thrown != null) {
        responder.fail(exchange, thrown);
      } else {
        responder.send(exchange, answer);
      }
    } catch (RuntimeException bug) {
      responder.fail(exchange, bug);
    }
  }
}
