package dev.shiplog.streams.controllers.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.ObjectKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Asks through a client of the API server and keeps what it says for a moment. Owned by the
 * controllers' thread, but for {@link #plurals}, which its answers fill.
 */
public final class ReaderMetricSource implements MetricSource {

  /** Shorter than the pause between two looks at an autoscaler, so that each gets new figures. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  private static final Duration FORGOTTEN = Duration.ofMinutes(1);

  private final Function<String, CompletableFuture<JsonNode>> reader;
  private final Map<MetricQuery, Asked> asked = new HashMap<>();
  private final Map<String, String> plurals = new ConcurrentHashMap<>();

  private record Asked(Instant at, CompletableFuture<Answer> answer) {}

  /**
   * A source.
   *
   * @param reader gets what a path of the API server answers with; fails with a message for people.
   *     It does not block and is bounded in time
   */
  public ReaderMetricSource(Function<String, CompletableFuture<JsonNode>> reader) {
    this.reader = reader;
  }

  @Override
  public Optional<Answer> ask(MetricQuery query, Instant now) {
    asked.values().removeIf(old -> old.at().plus(FORGOTTEN).isBefore(now));
    Asked known = asked.get(query);
    if (known == null || (known.answer().isDone() && known.at().plus(FRESH).isBefore(now))) {
      known = new Asked(now, answer(query));
      asked.put(query, known);
    }
    return Optional.ofNullable(known.answer().getNow(null));
  }

  private CompletableFuture<Answer> answer(MetricQuery query) {
    return document(query).<Answer>thenApply(Found::new).exceptionally(ReaderMetricSource::failed);
  }

  private static Answer failed(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return new Failed(String.valueOf(cause.getMessage()));
  }

  private CompletableFuture<JsonNode> document(MetricQuery query) {
    return switch (query) {
      case MetricQuery.OfObject of ->
          plural(of.apiVersion(), of.kind())
              .thenCompose(plural -> reader.apply(of.path(withGroup(plural, of.apiVersion()))));
      case MetricQuery.ScaleOf of ->
          plural(of.apiVersion(), of.kind())
              .thenCompose(
                  plural -> reader.apply(of.path(plural)).thenApply(scale -> named(scale, plural)));
      case MetricQuery.Resources _, MetricQuery.OfPods _, MetricQuery.External _ ->
          reader.apply(query.path(""));
    };
  }

  /** Whoever wants to change the scale has to name the resource. */
  private static JsonNode named(JsonNode scale, String plural) {
    return ((ObjectNode) scale.deepCopy()).put("plural", plural);
  }

  private static String withGroup(String plural, String apiVersion) {
    String group = apiVersion.contains("/") ? ObjectKeys.namespaceOf(apiVersion) : "";
    return group.isEmpty() ? plural : plural + "." + group;
  }

  private CompletableFuture<String> plural(String apiVersion, String kind) {
    String known = plurals.get(apiVersion + "/" + kind);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    return reader
        .apply(MetricQuery.versionPath(apiVersion))
        .thenApply(list -> {
          for (JsonNode resource : list.path("resources")) {
            String name = resource.path("name").asText();
            if (resource.path("kind").asText().equals(kind) && !name.contains("/")) {
              plurals.put(apiVersion + "/" + kind, name);
              return name;
            }
          }
          throw new IllegalStateException(
              "no matches for kind \"%s\" in version \"%s\"".formatted(kind, apiVersion));
        });
  }
}
