package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.metrics.MetricsApi;
import dev.shiplog.api.metrics.MetricsDocuments;
import dev.shiplog.api.request.Refusals;
import dev.shiplog.api.request.Selection;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Requests for {@code metrics.k8s.io}: finds the nodes that matter, asks their agents, and answers
 * in JSON. Nodes that do not answer are left out, and so is what runs on them.
 */
final class MetricsEndpoint {

  private static final StorageResource NODES = StorageResource.of("nodes", "");
  private static final StorageResource PODS = StorageResource.of("pods", "");

  private final Store store;
  private final NodeSummaries summaries;
  private final Responder responder;

  MetricsEndpoint(Store store, NodeSummaries summaries, Responder responder) {
    this.store = store;
    this.summaries = summaries;
    this.responder = responder;
  }

  static boolean serves(ApiPath.Resource path) {
    return path.group().equals(MetricsApi.VERSION.group())
        && path.version().equals(MetricsApi.VERSION.version());
  }

  /** Answers a request that may be made. */
  void handle(Exchange exchange, ApiPath.Resource path) {
    boolean known = path.resource().equals("nodes") || path.resource().equals("pods");
    boolean misplaced = path.resource().equals("nodes") && !path.namespace().isEmpty();
    if (!known || misplaced || !path.subresource().isEmpty()) {
      throw ResourceEndpoint.unknown();
    }
    String method = exchange.request().method().name();
    if (!method.equals("GET") || path.watch() || exchange.query().flag("watch")) {
      throw Refusals.methodNotAllowed();
    }
    Selection selection = exchange.query().selection();
    var _ =
        store
            .read(new ReadAt.Latest())
            .thenCompose(state -> answer(path, selection, state).toCompletionStage())
            .whenComplete((answer, thrown) -> exchange.run(() -> send(exchange, answer, thrown)));
  }

  private void send(Exchange exchange, ObjectNode answer, Throwable thrown) {
    if (thrown == null) {
      responder.sendTree(exchange, 200, answer);
    } else {
      responder.fail(exchange, thrown);
    }
  }

  private Future<ObjectNode> answer(ApiPath.Resource path, Selection selection, Snapshot state) {
    return path.resource().equals("nodes")
        ? nodes(path, selection, state)
        : pods(path, selection, state);
  }

  private Future<ObjectNode> nodes(ApiPath.Resource path, Selection selection, Snapshot state) {
    Map<String, JsonNode> wanted = new LinkedHashMap<>();
    objects(NODES, path, selection, state)
        .forEach(object -> wanted.put(object.key().name(), object.tree()));
    return ask(wanted, state)
        .map(said -> {
          List<ObjectNode> items = new ArrayList<>();
          wanted.forEach((name, node) ->
              said.getOrDefault(name, Optional.empty())
                  .flatMap(summary -> MetricsDocuments.node(node, summary))
                  .ifPresent(items::add));
          return document(path, "NodeMetrics", items);
        });
  }

  private Future<ObjectNode> pods(ApiPath.Resource path, Selection selection, Snapshot state) {
    List<JsonNode> pods =
        objects(PODS, path, selection, state).stream()
            .filter(pod -> pod.fields().getOrDefault("status.phase", "").equals("Running"))
            .map(StoredObject::tree)
            .map(JsonNode.class::cast)
            .toList();
    Map<String, JsonNode> nodes = new HashMap<>();
    for (JsonNode pod : pods) {
      String name = pod.at("/spec/nodeName").asText();
      state
          .get(new ObjectKey(NODES, "", name))
          .ifPresent(node -> nodes.computeIfAbsent(name, n -> node.tree()));
    }
    return ask(nodes, state).map(said -> document(path, "PodMetrics", podMetrics(pods, said)));
  }

  private static List<ObjectNode> podMetrics(
      List<JsonNode> pods, Map<String, Optional<JsonNode>> said) {
    Map<String, JsonNode> figures = new HashMap<>();
    said.values()
        .forEach(summary -> summary.ifPresent(it -> figures.putAll(MetricsDocuments.byUid(it))));
    List<ObjectNode> items = new ArrayList<>();
    for (JsonNode pod : pods) {
      JsonNode known = figures.get(pod.at("/metadata/uid").asText());
      if (known != null) {
        MetricsDocuments.pod(pod, known).ifPresent(items::add);
      }
    }
    return items;
  }

  /** Asks the agents side by side. */
  private Future<Map<String, Optional<JsonNode>>> ask(Map<String, JsonNode> nodes, Snapshot state) {
    summaries.keepOnly(uids(state));
    List<String> names = List.copyOf(nodes.keySet());
    List<Future<Optional<JsonNode>>> answers =
        names.stream().map(name -> summaries.of(nodes.get(name))).toList();
    return Future.join(answers)
        .map(all -> {
          Map<String, Optional<JsonNode>> said = new HashMap<>();
          for (int i = 0; i < names.size(); i++) {
            said.put(names.get(i), answers.get(i).result());
          }
          return said;
        });
  }

  private static List<String> uids(Snapshot state) {
    List<String> uids = new ArrayList<>();
    state.list(NODES, "", "").forEachRemaining(node -> uids.add(node.uid()));
    return uids;
  }

  private static List<StoredObject> objects(
      StorageResource resource, ApiPath.Resource path, Selection selection, Snapshot state) {
    if (!path.name().isEmpty()) {
      ObjectKey key = new ObjectKey(resource, path.namespace(), path.name());
      return state.get(key).map(List::of).orElseThrow(() -> notFound(path));
    }
    List<StoredObject> selected = new ArrayList<>();
    state
        .list(resource, path.namespace(), "")
        .forEachRemaining(object -> {
          if (selection.matches(object)) {
            selected.add(object);
          }
        });
    return selected;
  }

  private static ObjectNode document(ApiPath.Resource path, String kind, List<ObjectNode> items) {
    if (path.name().isEmpty()) {
      return MetricsDocuments.list(kind, items);
    }
    return items.stream().findFirst().orElseThrow(() -> notFound(path));
  }

  private static RuntimeException notFound(ApiPath.Resource path) {
    return Failures.notFound(path.group(), path.resource(), path.name());
  }
}
