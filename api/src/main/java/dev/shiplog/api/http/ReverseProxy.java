package dev.shiplog.api.http;

import dev.shiplog.api.status.Failures;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Hands a request on to another server as it comes, and its answer back as that comes; neither is
 * kept. Belongs to the event loop of the exchange.
 */
final class ReverseProxy {

  private static final int SWITCHING_PROTOCOLS = 101;

  /** What is about one connection and not about the request. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "host",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "expect");

  /** Who sends a request is said by this server, not by the client; and its secret stays here. */
  private static final Set<String> OF_THE_CALLER = Set.of("authorization", "cookie");

  private static final String REMOTE = "x-remote-";

  private final Responder responder;

  ReverseProxy(Responder responder) {
    this.responder = responder;
  }

  /**
   * Hands a request on.
   *
   * @param connecting the request to the other server, without headers
   * @param ours what headers this server adds
   */
  void pass(Exchange exchange, Future<HttpClientRequest> connecting, Consumer<MultiMap> ours) {
    pass(exchange, connecting, ours, Optional.empty());
  }

  /**
   * The same.
   *
   * @param body what was read of the request already: all of it
   */
  void pass(
      Exchange exchange,
      Future<HttpClientRequest> connecting,
      Consumer<MultiMap> ours,
      Optional<Buffer> body) {
    if (body.isEmpty()) {
      exchange.request().pause();
    }
    connecting.onComplete(begun ->
        exchange.run(() -> {
          if (begun.failed()) {
            fail(exchange, begun.cause());
          } else {
            pass(exchange, begun.result(), ours, body);
          }
        }));
  }

  private void pass(
      Exchange exchange,
      HttpClientRequest request,
      Consumer<MultiMap> ours,
      Optional<Buffer> body) {
    exchange
        .request()
        .headers()
        .forEach(header -> {
          String name = header.getKey().toLowerCase(Locale.ROOT);
          if (isPassedOn(name) && !OF_THE_CALLER.contains(name) && !name.startsWith(REMOTE)) {
            request.headers().add(header.getKey(), header.getValue());
          }
        });
    ours.accept(request.headers());
    exchange.response().closeHandler(gone -> request.reset());
    String upgrade = exchange.request().getHeader("Upgrade");
    if (upgrade != null) {
      request.putHeader("Connection", "Upgrade").putHeader("Upgrade", upgrade);
      connect(exchange, request);
      return;
    }
    body.map(whole -> sent(request, whole))
        .orElseGet(() -> sent(exchange, request))
        .onComplete(answered ->
            exchange.run(() -> {
              if (answered.failed()) {
                fail(exchange, answered.cause());
              } else {
                answer(exchange, answered.result());
              }
            }));
  }

  private static boolean isPassedOn(String header) {
    return !OF_THE_CONNECTION.contains(header);
  }

  private static Future<HttpClientResponse> sent(HttpClientRequest request, Buffer body) {
    Future<HttpClientResponse> answer = body.length() == 0 ? request.send() : request.send(body);
    return answer.onSuccess(HttpClientResponse::pause);
  }

  private static Future<HttpClientResponse> sent(Exchange exchange, HttpClientRequest request) {
    boolean body =
        exchange.request().headers().contains("Content-Length")
            || exchange.request().headers().contains("Transfer-Encoding");
    if (body) {
      return request.send(exchange.request()).onSuccess(HttpClientResponse::pause);
    }
    exchange.request().resume();
    return request.send().onSuccess(HttpClientResponse::pause);
  }

  private static void answer(Exchange exchange, HttpClientResponse answer) {
    HttpServerResponse response = exchange.response();
    if (response.closed() || response.ended()) {
      answer.request().reset();
      return;
    }
    response.setStatusCode(answer.statusCode());
    answer
        .headers()
        .forEach(header -> {
          if (isPassedOn(header.getKey().toLowerCase(Locale.ROOT))) {
            response.headers().add(header.getKey(), header.getValue());
          }
        });
    response.putHeader("Audit-Id", exchange.auditId());
    if (!response.headers().contains("Content-Length")) {
      response.setChunked(true);
    }
    answer.pipeTo(response).onFailure(broken -> response.reset());
    answer.resume();
  }

  /** Another protocol on the connection: what its ends say to each other passes unread. */
  private void connect(Exchange exchange, HttpClientRequest request) {
    request
        .connect()
        .onComplete(asked ->
            exchange.run(() -> {
              if (asked.failed()) {
                fail(exchange, asked.cause());
                return;
              }
              HttpClientResponse answer = asked.result();
              if (answer.statusCode() != SWITCHING_PROTOCOLS) {
                exchange.request().resume();
                answer(exchange, answer);
                return;
              }
              NetSocket other = answer.netSocket();
              other.pause();
              PodStreams.tunnel(exchange, answer.headers(), other).onFailure(gone -> other.close());
            }));
  }

  private void fail(Exchange exchange, Throwable thrown) {
    if (!exchange.request().isEnded()) {
      exchange.request().resume();
    }
    responder.fail(
        exchange,
        thrown instanceof dev.shiplog.api.status.ApiFailure
            ? thrown
            : Failures.unavailable("error trying to reach service: " + thrown.getMessage()));
  }
}
