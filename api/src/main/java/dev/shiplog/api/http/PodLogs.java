package dev.shiplog.api.http;

import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;

/** Passes a container's log on from the node that has it, as it comes. */
final class PodLogs {

  private static final List<String> PASSED_ON =
      List.of(
          "follow",
          "previous",
          "sinceSeconds",
          "sinceTime",
          "timestamps",
          "tailLines",
          "limitBytes",
          "stream");

  private final Store store;
  private final KubeletClient kubelets;
  private final Responder responder;

  PodLogs(Store store, KubeletClient kubelets, Responder responder) {
    this.store = store;
    this.kubelets = kubelets;
    this.responder = responder;
  }

  void open(Exchange exchange, Target target, Caller caller) {
    var _ =
        store
            .read(new ReadAt.Latest())
            .whenCompleteAsync(
                (state, thrown) -> {
                  if (thrown != null) {
                    responder.fail(exchange, thrown);
                  } else {
                    open(exchange, target, state);
                  }
                },
                caller.executor());
  }

  private void open(Exchange exchange, Target target, Snapshot state) {
    try {
      PodPlace place = PodPlace.find(target, state);
      String container = place.container(exchange.query(), target);
      ask(exchange, place, uri(exchange.query(), target, container));
    } catch (RuntimeException refused) {
      responder.fail(exchange, refused);
    }
  }

  private void ask(Exchange exchange, PodPlace place, String uri) {
    kubelets
        .get(place.host(), place.port(), uri)
        .onComplete(asked ->
            exchange.run(() -> {
              if (asked.failed()) {
                responder.fail(exchange, asked.cause());
              } else {
                pass(exchange, asked.result());
              }
            }));
  }

  /** Ends the node's stream with the client's, and the other way round. */
  private static void pass(Exchange exchange, HttpClientResponse log) {
    HttpServerResponse response = exchange.response();
    if (response.closed()) {
      var _ = log.request().connection().close();
      return;
    }
    exchange.head(200, "text/plain; charset=utf-8").setChunked(true);
    response.closeHandler(gone -> log.request().reset());
    response.writeHead();
    log.pipeTo(response).onFailure(broken -> response.reset());
  }

  private static String uri(Query query, Target target, String container) {
    StringJoiner parameters = new StringJoiner("&", "?", "").setEmptyValue("");
    for (String name : PASSED_ON) {
      String value = query.text(name);
      if (!value.isEmpty()) {
        parameters.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
      }
    }
    return "/containerLogs/%s/%s/%s%s"
        .formatted(target.namespace(), target.name(), container, parameters);
  }
}
