package dev.shiplog.streams.controllers.autoscaling;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * How many replicas pods' values call for, by Kubernetes' rules: pods that have not settled, and
 * those without a value, are taken in where that makes a change smaller, never where it would make
 * one, turn one round or make it larger.
 *
 * @param current how many replicas there are to be now
 * @param metrics by pod
 * @param ratio the values' relation to what is wanted; 1 is as wanted
 * @param assumed what a pod without a value is taken to use when there seem to be too many
 */
record PodCount(
    int current,
    Tolerance tolerance,
    Map<String, PodMetric> metrics,
    PodGroups groups,
    ToDoubleFunction<Map<String, Long>> ratio,
    ToLongFunction<String> assumed) {

  /** Empty if no pod has a value that counts. */
  Optional<Integer> replicas() {
    Map<String, Long> values = settled();
    if (values.isEmpty()) {
      return Optional.empty();
    }
    double first = ratio.applyAsDouble(values);
    boolean upWithUnready = !groups.unready().isEmpty() && first > 1;
    if (!upWithUnready && groups.missing().isEmpty()) {
      return Optional.of(tolerance.covers(first) ? current : ceil(first * groups.ready()));
    }
    if (first != 1) {
      groups.missing().forEach(pod -> values.put(pod, first < 1 ? assumed.applyAsLong(pod) : 0));
    }
    if (upWithUnready) {
      groups.unready().forEach(pod -> values.put(pod, 0L));
    }
    return Optional.of(bounded(first, ratio.applyAsDouble(values), values.size()));
  }

  /** Values of pods that count as they are. */
  Map<String, Long> settled() {
    Map<String, Long> values = new HashMap<>();
    metrics.forEach((pod, metric) -> {
      if (!groups.ignored().contains(pod) && !groups.unready().contains(pod)) {
        values.put(pod, metric.milli());
      }
    });
    return values;
  }

  private int bounded(double first, double second, int pods) {
    boolean turned = (first < 1 && second > 1) || (first > 1 && second < 1);
    if (tolerance.covers(second) || turned) {
      return current;
    }
    int replicas = ceil(second * pods);
    boolean contrary = (second < 1 && replicas > current) || (second > 1 && replicas < current);
    return contrary ? current : replicas;
  }

  static int ceil(double number) {
    return (int) Math.min(Integer.MAX_VALUE, Math.ceil(number));
  }
}
