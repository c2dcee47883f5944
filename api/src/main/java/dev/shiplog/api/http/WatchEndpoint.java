package dev.shiplog.api.http;

import dev.shiplog.api.flow.FlowControl;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.api.verbs.WatchFeed;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Opens watches, and ends them all when the server stops. */
final class WatchEndpoint {

  /**
   * A watch without a wish ends after this and up to as much again, so that not all end at once.
   */
  private static final long LEAST_MS = TimeUnit.MINUTES.toMillis(30);

  private static final long MOST_SECONDS = TimeUnit.HOURS.toSeconds(24);

  private final Vertx vertx;
  private final Verbs verbs;
  private final Responder responder;
  private final EventEncoder encoder;
  private final Set<WatchStream> open = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> byUser = new ConcurrentHashMap<>();
  private final int mostPerUser;
  private volatile boolean stopping;

  /**
   * The endpoint.
   *
   * @param mostPerUser how many watches one user may have open at a time
   */
  WatchEndpoint(
      Vertx vertx, Verbs verbs, Responder responder, EventEncoder encoder, int mostPerUser) {
    this.mostPerUser = mostPerUser;
    this.vertx = vertx;
    this.verbs = verbs;
    this.responder = responder;
    this.encoder = encoder;
  }

  void open(Exchange exchange, ApiRequest.Watch request) {
    if ("websocket".equalsIgnoreCase(exchange.request().getHeader("Upgrade"))) {
      declineUpgrade(exchange);
      return;
    }
    var _ =
        verbs
            .watch(request)
            .whenComplete((feed, thrown) ->
                exchange.run(() -> {
                  if (thrown != null) {
                    responder.fail(exchange, thrown);
                  } else {
                    stream(exchange, request, feed);
                  }
                }));
  }

  /**
   * Clients that first try a WebSocket take an answer without an upgrade as a sign to watch by
   * HTTP.
   */
  private static void declineUpgrade(Exchange exchange) {
    exchange.response().setStatusCode(200).putHeader("Content-Type", "application/json").end();
  }

  /** Ends all watches; any thread. */
  void stop() {
    stopping = true;
    open.forEach(WatchStream::stop);
  }

  private void stream(Exchange exchange, ApiRequest.Watch request, WatchFeed feed) {
    String user = request.caller().user().username();
    if (exchange.response().closed()) {
      feed.close();
      return;
    }
    if (byUser.merge(user, 1, Integer::sum) > mostPerUser) {
      leave(user);
      feed.close();
      responder.fail(exchange, FlowControl.tooMany());
      return;
    }
    WatchStream[] self = new WatchStream[1];
    self[0] =
        new WatchStream(
            exchange,
            vertx,
            feed,
            encoder.session(feed.type(), lines(exchange.representation())),
            request.options(),
            () -> {
              open.remove(self[0]);
              leave(user);
            });
    open.add(self[0]);
    self[0].start(timeoutMs(request));
    if (stopping) {
      self[0].stop();
    }
  }

  private void leave(String user) {
    byUser.computeIfPresent(user, (name, count) -> count == 1 ? null : count - 1);
  }

  /** Events come as lines of JSON or as messages; a stream of YAML there is none. */
  private static Representation lines(Representation asked) {
    return asked.syntax() == Syntax.YAML ? Representation.JSON : asked;
  }

  private static long timeoutMs(ApiRequest.Watch request) {
    long seconds = Math.min(request.options().timeoutSeconds().orElse(0), MOST_SECONDS);
    return seconds > 0
        ? TimeUnit.SECONDS.toMillis(seconds)
        : LEAST_MS + ThreadLocalRandom.current().nextLong(LEAST_MS);
  }
}
