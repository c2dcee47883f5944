package dev.shiplog.api.http;

import dev.shiplog.api.flow.FlowControl;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.api.verbs.WatchFeed;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Opens watches, and ends them all when the server stops. */
final class WatchEndpoint {

  /**
   * A watch without a wish ends after this and up to as much again, so that not all end at once.
   */
  private static final long LEAST_MS = TimeUnit.MINUTES.toMillis(30);

  private static final long MOST_SECONDS = TimeUnit.HOURS.toSeconds(24);

  /** How often watches of custom resources are asked whether their definition is still there. */
  private static final long LOOK_MS = 1_000;

  private final Vertx vertx;
  private final Supplier<ResourceCatalogue> catalogue;
  private final Verbs verbs;
  private final Responder responder;
  private final EventEncoder encoder;
  private final RemoteConversions conversions;
  private final RequestMetrics requests;
  private final Map<WatchStream, ResourceType> open = new ConcurrentHashMap<>();
  private final WatchPace pace = new WatchPace();
  private final PerUser byUser;
  private final long looking;
  private volatile boolean stopping;

  /**
   * The endpoint.
   *
   * @param mostPerUser how many watches one user may have open at a time
   */
  WatchEndpoint(
      Vertx vertx,
      Supplier<ResourceCatalogue> catalogue,
      Verbs verbs,
      Responder responder,
      EventEncoder encoder,
      RemoteConversions conversions,
      RequestMetrics requests,
      int mostPerUser) {
    this.conversions = conversions;
    this.requests = requests;
    this.byUser = new PerUser(mostPerUser);
    this.vertx = vertx;
    this.catalogue = catalogue;
    this.looking = vertx.setPeriodic(LOOK_MS, due -> endUndefined());
    this.verbs = verbs;
    this.responder = responder;
    this.encoder = encoder;
  }

  void open(Exchange exchange, ApiRequest.Watch request) {
    open(exchange, request, verbs.watch(request));
  }

  /** Opens a watch of a feed that somebody else makes. */
  void open(Exchange exchange, ApiRequest.Watch request, CompletableFuture<WatchFeed> made) {
    var _ =
        made.whenComplete((feed, thrown) ->
            exchange.run(() -> {
              if (thrown != null) {
                responder.fail(exchange, thrown);
              } else {
                connect(exchange, request, feed);
              }
            }));
  }

  /** Ends all watches; any thread. */
  void stop() {
    stopping = true;
    vertx.cancelTimer(looking);
    open.keySet().forEach(WatchStream::stop);
  }

  /** What is defined no more has no events: its watchers are told so by the end of their watch. */
  private void endUndefined() {
    open.forEach((stream, type) -> {
      if (type.custom().isPresent() && !isServed(type)) {
        stream.stop();
      }
    });
  }

  private boolean isServed(ResourceType type) {
    return catalogue
        .get()
        .find(type.group(), type.version(), type.plural())
        .filter(now -> now.storage().equals(type.storage()))
        .isPresent();
  }

  private void connect(Exchange exchange, ApiRequest.Watch request, WatchFeed feed) {
    if (exchange.response().closed()) {
      feed.close();
      return;
    }
    String user = request.caller().user().username();
    if (!byUser.take(user, 1)) {
      feed.close();
      responder.fail(
          exchange,
          FlowControl.tooMany(
              "user \"%s\" has %d watches open, which is the most one may have"
                  .formatted(user, byUser.most())));
      return;
    }
    Representation wanted = lines(exchange.representation());
    EventEncoder.Session encoding = encoder.session(feed.type(), wanted);
    if (!"websocket".equalsIgnoreCase(exchange.request().getHeader("Upgrade"))) {
      WatchChannel body = new WatchChannel.Body(exchange, encoding.contentType());
      stream(exchange, request, feed, encoding, body);
      return;
    }
    exchange
        .request()
        .toWebSocket()
        .onSuccess(socket ->
            stream(
                exchange,
                request,
                feed,
                encoding,
                new WatchChannel.Socket(socket, wanted.syntax() != Syntax.PROTOBUF)))
        .onFailure(refused -> {
          byUser.give(user, 1);
          feed.close();
          responder.fail(exchange, Failures.badRequest(refused.getMessage()));
        });
  }

  private void stream(
      Exchange exchange,
      ApiRequest.Watch request,
      WatchFeed feed,
      EventEncoder.Session encoding,
      WatchChannel channel) {
    WatchStream[] self = new WatchStream[1];
    self[0] =
        new WatchStream(
            exchange,
            channel,
            vertx,
            feed,
            pace,
            encoding,
            RemoteConversions.concern(feed.type()) ? Optional.of(conversions) : Optional.empty(),
            request.options(),
            requests.events(feed.type()),
            () -> {
              exchange.meters().ifPresent(RequestMeters::closed);
              open.remove(self[0]);
              byUser.give(request.caller().user().username(), 1);
            });
    open.put(self[0], feed.type());
    exchange.meters().ifPresent(RequestMeters::opened);
    self[0].start(timeoutMs(request));
    if (stopping) {
      self[0].stop();
    }
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
