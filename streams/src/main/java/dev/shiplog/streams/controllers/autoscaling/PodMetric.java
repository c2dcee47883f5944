package dev.shiplog.streams.controllers.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One pod's value of a metric.
 *
 * @param milli thousandths of what is measured: millicores, of memory thousandths of a byte
 * @param at when it was taken
 * @param window over how long
 */
record PodMetric(long milli, Instant at, Duration window) {

  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
  private static final List<String> SUFFIXES = List.of("m", "", "k", "M", "G", "T", "P");

  /**
   * Reads a {@code PodMetricsList}: each pod's sum over its containers.
   *
   * @param container of this container alone; empty for all
   */
  static Map<String, PodMetric> ofResource(JsonNode list, String resource, String container) {
    Map<String, PodMetric> metrics = new HashMap<>();
    for (JsonNode pod : list.path("items")) {
      long sum = 0;
      boolean known = false;
      for (JsonNode one : pod.path("containers")) {
        boolean wanted = container.isEmpty() || one.path("name").asText().equals(container);
        JsonNode value = one.path("usage").path(resource);
        if (wanted && value.isTextual()) {
          sum += milli(new Quantity(value.asText()));
          known = true;
        }
      }
      if (known) {
        metrics.put(
            pod.at("/metadata/name").asText(),
            new PodMetric(
                sum,
                Instant.parse(pod.path("timestamp").asText()),
                seconds(pod.path("window").asText())));
      }
    }
    return metrics;
  }

  /** Reads a {@code MetricValueList} of pods. */
  static Map<String, PodMetric> ofPods(JsonNode list) {
    Map<String, PodMetric> metrics = new HashMap<>();
    for (JsonNode item : list.path("items")) {
      metrics.put(
          item.at("/describedObject/name").asText(),
          new PodMetric(
              milli(new Quantity(item.path("value").asText())),
              Instant.parse(item.path("timestamp").asText()),
              Duration.ofSeconds(item.path("windowSeconds").asLong(60))));
    }
    return metrics;
  }

  static long milli(Quantity quantity) {
    return quantity
        .getNumericalAmount()
        .multiply(THOUSAND)
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }

  /** The quantity in its shortest form, as Kubernetes writes it. */
  static Quantity quantity(long milli) {
    long amount = milli;
    int suffix = 0;
    while (amount != 0 && amount % 1000 == 0 && suffix < SUFFIXES.size() - 1) {
      amount /= 1000;
      suffix++;
    }
    return new Quantity(Long.toString(amount), amount == 0 ? "" : SUFFIXES.get(suffix));
  }

  /** A window is written as Go writes durations; those of metrics are whole seconds and minutes. */
  private static Duration seconds(String window) {
    return window.isEmpty() ? Duration.ofMinutes(1) : Duration.parse("PT" + window);
  }
}
