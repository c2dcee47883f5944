package dev.shiplog.api.peers;

import dev.shiplog.api.access.Authenticator;
import dev.shiplog.api.access.Credentials;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.topics.record.Json;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Takes the commits of followers. Whoever may call it decides what is admitted and validated, so it
 * takes nobody but API servers, by their certificates. Called on event loops.
 */
public final class PeerEndpoint {

  /** Outside of what the Kubernetes API may ever name. */
  public static final String PATH = "/shiplog.internal/v1/commits";

  /** Answered without end, so that whoever asked notices the end of this process. */
  public static final String PRESENCE_PATH = "/shiplog.internal/v1/presence";

  /** Above the largest entry; what is larger is no commit. */
  private static final int LARGEST = 16 << 20;

  private static final int FORBIDDEN = 403;
  private static final int TOO_LARGE = 413;
  private static final int BAD_REQUEST = 400;

  private final JournalStore store;
  private final Authenticator certificates;
  private final Executor workers;

  /**
   * Makes an endpoint.
   *
   * @param certificates knows the cluster's authority
   * @param workers decode and prepare
   */
  public PeerEndpoint(JournalStore store, Authenticator certificates, Executor workers) {
    this.store = store;
    this.certificates = certificates;
    this.workers = workers;
  }

  /** Takes a request; on its event loop. */
  public void handle(HttpServerRequest request) {
    request.response().exceptionHandler(broken -> {});
    if (!isPeer(request)) {
      refuse(request.response(), FORBIDDEN, "only API servers of this cluster may ask this");
      return;
    }
    Context loop = Vertx.currentContext();
    Buffer body = Buffer.buffer();
    request.handler(chunk -> {
      if (body.length() + chunk.length() <= LARGEST) {
        body.appendBuffer(chunk);
      } else {
        request.handler(ignored -> {});
        refuse(request.response(), TOO_LARGE, "the commit is too large");
      }
    });
    request.endHandler(end -> workers.execute(() -> commit(body, request.response(), loop)));
    request.resume();
  }

  /** Answers a request for this server's presence: it lasts as long as the process does. */
  public void stay(HttpServerRequest request) {
    request.response().exceptionHandler(broken -> {});
    if (isPeer(request)) {
      request.response().setChunked(true).putHeader("Content-Type", "text/plain");
      request.response().writeHead();
    } else {
      refuse(request.response(), FORBIDDEN, "only API servers of this cluster may ask this");
    }
  }

  private boolean isPeer(HttpServerRequest request) {
    Credentials shown =
        Credentials.of(
            request.isSSL() ? Optional.ofNullable(request.sslSession()) : Optional.empty(),
            Optional.empty(),
            Credentials.Headers.NONE);
    return certificates
        .authenticate(shown)
        .filter(user -> user.username().equals(PeerIdentity.USER))
        .isPresent();
  }

  private void commit(Buffer body, HttpServerResponse response, Context loop) {
    CommitMessage message;
    try {
      message = CommitMessage.read(body.getBytes());
    } catch (RuntimeException e) {
      loop.runOnContext(
          none -> refuse(response, BAD_REQUEST, "this is no commit: " + e.getMessage()));
      return;
    }
    CompletableFuture<?> _ =
        CompletableFuture.completedFuture(message)
            .thenCompose(m -> store.commitAsLeader(m.request(), m.epoch()))
            .handleAsync(
                (result, failure) -> Json.bytes(AnswerMessage.of(result, failure)), workers)
            .thenAccept(answer -> loop.runOnContext(none -> answer(response, answer)));
  }

  private static void answer(HttpServerResponse response, byte[] json) {
    if (!response.ended() && !response.closed()) {
      response.putHeader("Content-Type", "application/json").end(Buffer.buffer(json));
    }
  }

  private static void refuse(HttpServerResponse response, int code, String why) {
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(code).putHeader("Content-Type", "text/plain").end(why);
    }
  }
}
