package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.topics.record.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * What nodes' agents say of usage, asked for when somebody wants to know and kept for a moment, so
 * that many who want to know do not ask more. Any thread.
 */
final class NodeSummaries {

  private static final Logger LOG = Logger.getLogger(NodeSummaries.class);
  private static final Duration KEPT = Duration.ofSeconds(3);
  private static final long PATIENCE_SECONDS = 5;

  private final KubeletClient kubelets;
  private final LongSupplier clockMs;
  private final Map<String, Asked> byUid = new ConcurrentHashMap<>();

  private record Asked(long atMs, Future<Optional<JsonNode>> summary) {}

  NodeSummaries(KubeletClient kubelets, LongSupplier clockMs) {
    this.kubelets = kubelets;
    this.clockMs = clockMs;
  }

  /**
   * What a node's agent says.
   *
   * @param node as it is stored
   * @return never fails; empty if the agent does not say
   */
  Future<Optional<JsonNode>> of(JsonNode node) {
    String name = node.at("/metadata/name").asText();
    long now = clockMs.getAsLong();
    return byUid
        .compute(
            node.at("/metadata/uid").asText(),
            (uid, known) ->
                known != null && now - known.atMs() < KEPT.toMillis()
                    ? known
                    : new Asked(now, ask(name, node)))
        .summary();
  }

  /** Forgets nodes that are gone; one that is made anew under the same name is another. */
  void keepOnly(Collection<String> uids) {
    byUid.keySet().retainAll(Set.copyOf(uids));
  }

  private Future<Optional<JsonNode>> ask(String name, JsonNode node) {
    String uri = "/stats/summary?node=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    return PodPlace.agent(node)
        .map(at ->
            kubelets
                .get(at.host(), at.port(), uri)
                .compose(NodeSummaries::body)
                .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .map(NodeSummaries::parse)
                .recover(failed -> {
                  LOG.debugf("usage of node %s is not known: %s", name, failed.getMessage());
                  return Future.succeededFuture(Optional.empty());
                }))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    Future<Buffer> body = response.body();
    response.resume();
    return body;
  }

  private static Optional<JsonNode> parse(Buffer body) {
    try {
      return Optional.of(Json.MAPPER.readTree(body.getBytes()));
    } catch (IOException e) {
      LOG.debugf("a node's summary cannot be read: %s", e.getMessage());
      return Optional.empty();
    }
  }
}
