package dev.shiplog.streams.controllers.autoscaling;

import dev.shiplog.streams.controllers.autoscaling.ScalingHistory.Entry;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingPolicy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * How fast an autoscaler may go, and for how long it waits before it follows its metrics: its
 * behavior, with what is left out filled in.
 */
record ScalingRules(Direction up, Direction down) {

  private static final Duration STABILIZATION = Duration.ofMinutes(5);

  private static final List<HPAScalingPolicy> UP =
      List.of(new HPAScalingPolicy(15, "Pods", 4), new HPAScalingPolicy(15, "Percent", 100));

  private static final List<HPAScalingPolicy> DOWN =
      List.of(new HPAScalingPolicy(15, "Percent", 100));

  /** One of the two. */
  record Direction(Duration window, List<HPAScalingPolicy> policies, String select) {

    private static Direction of(
        HPAScalingRules rules, Duration window, List<HPAScalingPolicy> policies) {
      if (rules == null) {
        return new Direction(window, policies, "Max");
      }
      Integer seconds = rules.getStabilizationWindowSeconds();
      boolean none = rules.getPolicies() == null || rules.getPolicies().isEmpty();
      return new Direction(
          seconds == null ? window : Duration.ofSeconds(seconds),
          none ? policies : rules.getPolicies(),
          rules.getSelectPolicy() == null ? "Max" : rules.getSelectPolicy());
    }

    private boolean isDisabled() {
      return select.equals("Disabled");
    }

    private IntBinaryOperator choice(IntBinaryOperator fastest, IntBinaryOperator slowest) {
      return select.equals("Min") ? slowest : fastest;
    }
  }

  static ScalingRules of(HorizontalPodAutoscalerBehavior behavior) {
    return new ScalingRules(
        Direction.of(behavior == null ? null : behavior.getScaleUp(), Duration.ZERO, UP),
        Direction.of(behavior == null ? null : behavior.getScaleDown(), STABILIZATION, DOWN));
  }

  /**
   * What of the recommendations within the windows counts: the lowest for going up, the highest for
   * going down.
   */
  int stabilized(int current, int desired, List<Entry> recommended, Instant now) {
    int lowest =
        IntStream.concat(IntStream.of(desired), within(recommended, up, now)).min().orElseThrow();
    int highest =
        IntStream.concat(IntStream.of(desired), within(recommended, down, now)).max().orElseThrow();
    return Math.min(Math.max(current, lowest), highest);
  }

  private static IntStream within(List<Entry> entries, Direction direction, Instant now) {
    Instant since = now.minus(direction.window());
    return entries.stream().filter(it -> it.at().isAfter(since)).mapToInt(Entry::replicas);
  }

  /** The most that there may be now. */
  int highest(int current, ScalingHistory.OfOne history, Instant now) {
    if (up.isDisabled()) {
      return current;
    }
    ToIntFunction<HPAScalingPolicy> limit =
        policy -> {
          Duration period = Duration.ofSeconds(policy.getPeriodSeconds());
          int before =
              current - history.addedWithin(period, now) + history.removedWithin(period, now);
          return policy.getType().equals("Pods")
              ? before + policy.getValue()
              : PodCount.ceil(before * (1 + policy.getValue() / 100.0));
        };
    return up.policies().stream()
        .mapToInt(limit)
        .reduce(up.choice(Math::max, Math::min))
        .orElse(current);
  }

  /** The fewest that there may be now. */
  int lowest(int current, ScalingHistory.OfOne history, Instant now) {
    if (down.isDisabled()) {
      return current;
    }
    ToIntFunction<HPAScalingPolicy> limit =
        policy -> {
          Duration period = Duration.ofSeconds(policy.getPeriodSeconds());
          int before =
              current + history.removedWithin(period, now) - history.addedWithin(period, now);
          return policy.getType().equals("Pods")
              ? before - policy.getValue()
              : (int) (before * (1 - policy.getValue() / 100.0));
        };
    return down.policies().stream()
        .mapToInt(limit)
        .reduce(down.choice(Math::min, Math::max))
        .orElse(current);
  }
}
