package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Passes a container's log on from the node that has it, as it comes. */
final class PodLogs {

  private static final StorageResource NODES = StorageResource.of("nodes", "");
  private static final int DEFAULT_PORT = 10250;
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
      JsonNode pod = state.get(target.key()).orElseThrow(target::notFound).tree();
      String container = container(exchange.query(), target, pod);
      String nodeName = pod.path("spec").path("nodeName").asText("");
      if (nodeName.isEmpty()) {
        throw Failures.badRequest("pod " + target.name() + " does not have a host assigned");
      }
      JsonNode node =
          state
              .get(new ObjectKey(NODES, "", nodeName))
              .map(StoredObject::tree)
              .orElseThrow(() -> Failures.notFound("", "nodes", nodeName));
      ask(exchange, node, uri(exchange.query(), target, container));
    } catch (RuntimeException refused) {
      responder.fail(exchange, refused);
    }
  }

  private void ask(Exchange exchange, JsonNode node, String uri) {
    int port = node.at("/status/daemonEndpoints/kubeletEndpoint/Port").asInt(DEFAULT_PORT);
    kubelets
        .get(address(node), port, uri)
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

  private static String address(JsonNode node) {
    for (JsonNode address : node.path("status").path("addresses")) {
      if (address.path("type").asText().equals("InternalIP")) {
        return address.path("address").asText();
      }
    }
    throw Failures.internal(
        "node %s has no InternalIP".formatted(node.path("metadata").path("name").asText()));
  }

  private static String container(Query query, Target target, JsonNode pod) {
    String asked = query.text("container");
    List<String> names = names(pod);
    if (!asked.isEmpty()) {
      if (!names.contains(asked)) {
        throw Failures.badRequest(
            "container %s is not valid for pod %s".formatted(asked, target.name()));
      }
      return asked;
    }
    String usual =
        pod.path("metadata")
            .path("annotations")
            .path("kubectl.kubernetes.io/default-container")
            .asText("");
    if (names.contains(usual)) {
      return usual;
    }
    if (pod.path("spec").path("containers").size() == 1) {
      return names.getFirst();
    }
    throw Failures.badRequest(
        "a container name must be specified for pod %s, choose one of: %s"
            .formatted(target.name(), names));
  }

  private static List<String> names(JsonNode pod) {
    List<String> names = new ArrayList<>();
    for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
      pod.path("spec").path(list).forEach(c -> names.add(c.path("name").asText()));
    }
    return names;
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
