package dev.shiplog.api.http;

import dev.shiplog.api.flow.FlowControl;
import dev.shiplog.api.request.Body;
import dev.shiplog.api.request.Refusals;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.schema.protobuf.ProtobufBody;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.journal.UserInfo;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Reads request bodies, up to a limit of size and of time, into room that is shared by all whose
 * requests have no seat yet. Large ones of one user are read a few at a time.
 */
final class BodyReader {

  /** What Kubernetes and its clients count on. */
  static final int LIMIT = 3 << 20;

  /** Several objects together: as much as the journal takes at once. */
  static final int TRANSACTION_LIMIT = TopicCatalogue.MAX_ENTRY_BYTES;

  private static final int REQUEST_TIMEOUT = 408;
  private static final int BYTES_PER_SEAT = 256 * 1024;
  private static final int WIDEST = 10;

  private static final ProtobufBody PROTOBUF =
      new ProtobufBody(ResourceCatalogue::builtIn, TypeCatalogue.builtIn());

  private final Duration longest;
  private final BodyRoom room;
  private final BodyTurns turns = new BodyTurns();

  /**
   * A reader.
   *
   * @param longest how long a body may take to come; who sends slower than this holds a connection
   *     and its room, and nothing else
   */
  BodyReader(Duration longest, BodyRoom room) {
    this.longest = longest;
    this.room = room;
  }

  /**
   * The body of a request, from which nothing was read yet.
   *
   * @throws ApiFailure {@code UnsupportedMediaType} if it is packed, {@code RequestEntityTooLarge}
   *     if it says so
   */
  Incoming from(Exchange exchange, UserInfo user, int limit) {
    requirePlain(exchange.request());
    return asItIs(exchange, user, limit);
  }

  /** The same, however it is packed. */
  Incoming asItIs(Exchange exchange, UserInfo user, int limit) {
    long declared = declaredLength(exchange.request());
    if (declared > limit) {
      lastOn(exchange.request());
      throw tooLarge(limit);
    }
    return new Incoming(exchange, user.username(), limit, (int) declared);
  }

  /**
   * A body on its way. What it holds is given back by {@link #release}, which is for whoever asked
   * for it. Belongs to the event loop of its request.
   */
  final class Incoming {
    private final Exchange exchange;
    private final HttpServerRequest request;
    private final String user;
    private final BodyRoom.Hold hold;
    private final int limit;
    private final BodyBytes body;
    private final CompletableFuture<byte[]> read = new CompletableFuture<>();

    /** Null as long as it is not known to be large. */
    private BodyTurns.Turn turn;

    private Incoming(Exchange exchange, String user, int limit, int declared) {
      this.exchange = exchange;
      this.request = exchange.request();
      this.user = user;
      this.hold = room.hold(user);
      this.limit = limit;
      this.body = new BodyBytes(declared);
    }

    /**
     * Reads it whole; must be called before the event loop turns to anything else.
     *
     * @return fails with {@code RequestEntityTooLarge}, {@code TooManyRequests} or {@code Timeout};
     *     the connection is closed then, since the rest of the body is not read
     */
    CompletableFuture<byte[]> bytes() {
      Vertx vertx = Vertx.currentContext().owner();
      long timer = vertx.setTimer(longest.toMillis(), late -> refuse(late()));
      request.handler(this::take);
      request.endHandler(end -> {
        vertx.cancelTimer(timer);
        if (isLarge()) {
          exchange.atLength(() -> read.complete(body.take()));
        } else {
          read.complete(body.take());
        }
      });
      request.exceptionHandler(broken -> {
        vertx.cancelTimer(timer);
        read.completeExceptionally(Failures.badRequest("the request's body broke off"));
      });
      request.resume();
      return read;
    }

    /** Reads it as an object of the media type that it says it has. */
    CompletableFuture<Body> object() {
      if (mediaType(request).equals(ProtobufBody.MEDIA_TYPE)) {
        return bytes().thenApply(bytes -> new Body(PROTOBUF.toJson(bytes), Syntax.JSON));
      }
      Syntax syntax = syntax(request);
      return bytes().thenApply(bytes -> new Body(bytes, syntax));
    }

    void release() {
      hold.release();
      if (turn != null) {
        turn.end();
      }
    }

    /** How many seats its request takes: what is done with a large one takes long. */
    int width() {
      return Math.clamp(body.length() / BYTES_PER_SEAT, 1, WIDEST);
    }

    /** Whether what is done with it is long work. */
    boolean isLarge() {
      return body.length() >= LongWork.LARGE_BODY;
    }

    private void take(Buffer chunk) {
      if (read.isDone()) {
        return;
      }
      if (body.length() + chunk.length() > limit) {
        refuse(tooLarge(limit));
      } else if (!hold.grow(chunk.length())) {
        refuse(FlowControl.tooMany());
      } else {
        body.append(chunk);
        if (turn == null && isLarge()) {
          awaitTurn();
        }
      }
    }

    /** What the client sends meanwhile stays where it is. */
    private void awaitTurn() {
      try {
        turn = turns.ask(user, () -> exchange.executor().execute(this::goOn));
        if (!turn.isHeld()) {
          request.pause();
        }
      } catch (ApiFailure tooMany) {
        refuse(tooMany);
      }
    }

    private void goOn() {
      if (!read.isDone()) {
        request.resume();
      }
    }

    private ApiFailure late() {
      return turn == null || turn.isHeld() ? tooSlow() : FlowControl.tooMany();
    }

    private void refuse(ApiFailure why) {
      if (!read.isDone()) {
        lastOn(request);
        read.completeExceptionally(why);
      }
    }
  }

  /** The syntax of an object in a body, by its media type; JSON if that is not said. */
  static Syntax syntax(HttpServerRequest request) {
    return switch (mediaType(request)) {
      case "", "application/json", "*/*" -> Syntax.JSON;
      case "application/yaml", "application/x-yaml" -> Syntax.YAML;
      default ->
          throw Refusals.unsupportedMediaType(
              mediaType(request), "application/json, application/yaml, " + ProtobufBody.MEDIA_TYPE);
    };
  }

  /** Without its parameters; empty if it is not said. */
  static String mediaType(HttpServerRequest request) {
    String header = request.getHeader("Content-Type");
    if (header == null) {
      return "";
    }
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** What is packed could be any size unpacked, so it is not taken. */
  private static void requirePlain(HttpServerRequest request) {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.isBlank() && !encoding.strip().equals("identity")) {
      throw Refusals.unsupportedMediaType(
          "Content-Encoding " + encoding.strip(), "bodies without a content encoding");
    }
  }

  private ApiFailure tooSlow() {
    return new ApiFailure(
        Reason.TIMEOUT,
        REQUEST_TIMEOUT,
        "the request's body did not arrive within %d s".formatted(longest.toSeconds()),
        null,
        List.of(),
        0);
  }

  /** By itself, Vert.x would wait for the rest of the body before it closes. */
  private static void lastOn(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2) {
      request
          .response()
          .putHeader("Connection", "close")
          .endHandler(answered -> {
            var _ = request.connection().close();
          });
    }
  }

  private static ApiFailure tooLarge(int limit) {
    return Failures.tooLarge("Request entity too large: limit is " + limit);
  }

  private static long declaredLength(HttpServerRequest request) {
    String header = request.getHeader("Content-Length");
    try {
      return header == null ? 0 : Long.parseLong(header);
    } catch (NumberFormatException e) {
      throw Failures.badRequest("Content-Length is no number");
    }
  }
}
