package dev.shiplog.agent.server;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Joins a client that upgrades its connection with a server that takes the upgrade, byte by byte:
 * what they speak is between those two. Each side is read only as fast as the other takes it.
 * Called on event loops.
 */
final class UpgradeTunnel {

  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final long ANSWER_TIMEOUT_MS = 30_000;

  /** Streams at a time; more are turned away. */
  private static final int MOST = 2_000;

  private static final List<String> PASSED_ON = List.of("connection", "upgrade");
  private static final List<String> PREFIXES_PASSED_ON =
      List.of("sec-websocket-", "x-stream-protocol-version");

  private final HttpClient client;

  UpgradeTunnel(Vertx vertx) {
    client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setMaxPoolSize(MOST)
                .setMaxWaitQueueSize(0));
  }

  /**
   * Asks the server for the same upgrade and passes on its answer, whatever it is.
   *
   * @return fails, with nothing answered yet, if the server does not answer
   */
  Future<Void> open(HttpServerRequest request, URI server) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(server.toString())
            .setHeaders(passedOn(request.headers()));
    return client
        .request(options)
        .compose(asked -> ask(asked))
        .compose(answer -> join(request, answer));
  }

  private static Future<HttpClientResponse> ask(HttpClientRequest request) {
    // The runtime may speak as soon as it has agreed, and the client may not be ready by then.
    request
        .response()
        .onSuccess(answer -> {
          if (answer.statusCode() == SWITCHING_PROTOCOLS) {
            answer.netSocket().pause();
          } else {
            answer.pause();
          }
        });
    // Both ends see for themselves when a stream breaks.
    return request
        .exceptionHandler(broken -> {})
        .connect()
        .timeout(ANSWER_TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .onFailure(_ -> request.reset());
  }

  private static Future<Void> join(HttpServerRequest request, HttpClientResponse answer) {
    request.response().setStatusCode(answer.statusCode());
    if (answer.statusCode() != SWITCHING_PROTOCOLS) {
      answer.resume();
      return answer.body().compose(body -> refuse(request, body));
    }
    request.response().headers().addAll(passedOn(answer.headers()));
    NetSocket server = answer.netSocket();
    return request
        .toNetSocket()
        .onSuccess(client -> OneWay.join(client, server))
        .onFailure(gone -> server.close())
        .mapEmpty();
  }

  private static Future<Void> refuse(HttpServerRequest request, Buffer body) {
    return request.response().end(body);
  }

  private static MultiMap passedOn(MultiMap headers) {
    MultiMap passed = MultiMap.caseInsensitiveMultiMap();
    headers.forEach(header -> {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (PASSED_ON.contains(name) || PREFIXES_PASSED_ON.stream().anyMatch(name::startsWith)) {
        passed.add(header.getKey(), header.getValue());
      }
    });
    return passed;
  }
}
