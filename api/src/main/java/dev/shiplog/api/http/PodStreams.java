package dev.shiplog.api.http;

import dev.shiplog.api.http.PodStreamRequest.Speech;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.stream.OneWay;
import dev.shiplog.api.stream.RemoteCommand;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.core.net.NetSocket;
import java.util.Set;

/**
 * Exec, attach and port-forward: joins a client that upgrades its connection with the node that has
 * the pod. The node is asked first, so that what it refuses is an answer and no broken stream.
 *
 * <p>What the container runtime speaks itself passes through byte by byte; what only newer clients
 * speak is translated.
 */
final class PodStreams {

  static final Set<String> SUBRESOURCES = Set.of("exec", "attach", "portforward");

  private final Store store;
  private final KubeletClient kubelets;
  private final Responder responder;

  PodStreams(Store store, KubeletClient kubelets, Responder responder) {
    this.store = store;
    this.kubelets = kubelets;
    this.responder = responder;
  }

  void open(Exchange exchange, Target target, Caller caller) {
    PodStreamRequest request = PodStreamRequest.of(exchange.request(), target.subresource());
    // Nothing is read from the client until it is known who takes it.
    exchange.request().pause();
    var _ =
        store
            .read(new ReadAt.Latest())
            .whenCompleteAsync(
                (state, thrown) -> {
                  if (thrown != null) {
                    fail(exchange, thrown);
                  } else {
                    open(exchange, target, request, state);
                  }
                },
                caller.executor());
  }

  private void open(Exchange exchange, Target target, PodStreamRequest request, Snapshot state) {
    try {
      PodPlace place = PodPlace.find(target, state);
      kubelets
          .upgrade(
              place.host(),
              place.port(),
              request.nodeUri(target, place, exchange.query()),
              request.nodeHeaders())
          .onComplete(asked ->
              exchange.run(() -> {
                if (asked.failed()) {
                  fail(exchange, asked.cause());
                } else {
                  join(exchange, request, asked.result());
                }
              }));
    } catch (RuntimeException refused) {
      fail(exchange, refused);
    }
  }

  private void fail(Exchange exchange, Throwable thrown) {
    exchange.request().resume();
    responder.fail(exchange, thrown);
  }

  private void join(Exchange exchange, PodStreamRequest request, HttpClientResponse answer) {
    NetSocket node = answer.netSocket();
    Future<?> joined =
        switch (request.speech()) {
          case Speech.AsTheRuntime same -> tunnel(exchange, answer.headers(), node);
          case Speech.Channels channels ->
              webSocket(exchange)
                  .onSuccess(client -> RemoteCommand.join(client, node, channels.ends()));
          case Speech.SpdyInWebSocket wrapped ->
              webSocket(exchange).onSuccess(client -> OneWay.join(client, node));
        };
    joined.onFailure(gone -> {
      node.close();
      responder.fail(exchange, gone);
    });
  }

  private static Future<ServerWebSocket> webSocket(Exchange exchange) {
    return exchange.request().toWebSocket();
  }

  /**
   * Vert.x offers the bare connection for GET alone, and older clients upgrade a POST: so the
   * connection is asked for it, and the head of the answer is written by hand.
   */
  static Future<NetSocket> tunnel(Exchange exchange, MultiMap answer, NetSocket node) {
    if (!(exchange.request().connection() instanceof Http1xServerConnection connection)) {
      return Future.failedFuture(Failures.badRequest("an upgrade needs HTTP/1.1"));
    }
    StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
    PodStreamRequest.passedOn(answer)
        .forEach(header ->
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n"));
    return connection
        .netSocket()
        .onSuccess(client -> {
          client.write(head.append("\r\n").toString());
          OneWay.join(client, node);
        });
  }
}
