package dev.shiplog.streams.controllers.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/** Answers to {@link MetricQuery}s. Never blocks; called on the controllers' thread. */
public interface MetricSource {

  /** What became of a question. */
  sealed interface Answer {}

  /** It was answered. */
  record Found(JsonNode document) implements Answer {}

  /**
   * It was not.
   *
   * @param message why, for people
   */
  record Failed(String message) implements Answer {}

  /**
   * Asks, unless there is an answer that is fresh.
   *
   * @return empty while the answer is on its way; ask again
   */
  Optional<Answer> ask(MetricQuery query, Instant now);

  /** Where nobody can be asked. */
  MetricSource NONE =
      (query, now) -> Optional.of(new Failed("the controllers cannot reach the metrics APIs"));
}
