package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.PodShape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How NodeResourcesFit scores what would be taken of a node.
 *
 * @param preference what is preferred
 * @param weights of the resources that count, by name
 * @param shape for {@link Preference#REQUESTED_TO_CAPACITY_RATIO}: at least one point, by rising
 *     utilization
 */
public record ScoringStrategy(
    Preference preference, Map<String, Integer> weights, List<Point> shape) {

  /** CPU and memory, the emptier the better: Kubernetes' default. */
  public static final ScoringStrategy LEAST_ALLOCATED =
      new ScoringStrategy(Preference.LEAST_ALLOCATED, Map.of("cpu", 1, "memory", 1), List.of());

  /** What is preferred. */
  public enum Preference {
    /** Empty nodes. */
    LEAST_ALLOCATED,
    /** Full nodes. */
    MOST_ALLOCATED,
    /** As a function of utilization says. */
    REQUESTED_TO_CAPACITY_RATIO
  }

  /**
   * A point of that function.
   *
   * @param utilization 0 to 100
   * @param score 0 to 10
   */
  public record Point(int utilization, int score) {}

  public ScoringStrategy {
    weights = new TreeMap<>(weights);
    shape = List.copyOf(shape);
  }

  long score(PodShape pod, NodeInfo node) {
    long sum = 0;
    long weightSum = 0;
    for (Map.Entry<String, Integer> weight : weights.entrySet()) {
      long all = node.node().allocatable().of(weight.getKey());
      if (all > 0 && counts(weight.getKey(), pod)) {
        long score = score(taken(weight.getKey(), pod, node), all);
        boolean ratio = preference == Preference.REQUESTED_TO_CAPACITY_RATIO;
        sum += score * weight.getValue();
        weightSum += ratio && score == 0 ? 0 : weight.getValue();
      }
    }
    if (weightSum == 0) {
      return 0;
    }
    return preference == Preference.REQUESTED_TO_CAPACITY_RATIO
        ? Math.round((double) sum / weightSum)
        : sum / weightSum;
  }

  /** An extended resource counts only for pods that ask for it. */
  private static boolean counts(String resource, PodShape pod) {
    return isNative(resource) || pod.requests().of(resource) > 0;
  }

  private static boolean isNative(String resource) {
    return resource.equals("cpu")
        || resource.equals("memory")
        || resource.equals("ephemeral-storage");
  }

  private static long taken(String resource, PodShape pod, NodeInfo node) {
    return switch (resource) {
      case "cpu" -> node.scoredCpuMilli() + pod.scoredCpuMilli();
      case "memory" -> node.scoredMemoryBytes() + pod.scoredMemoryBytes();
      default -> node.requested().of(resource) + pod.requests().of(resource);
    };
  }

  private long score(long taken, long all) {
    return switch (preference) {
      case LEAST_ALLOCATED -> taken > all ? 0 : (all - taken) * NodeScore.MAX / all;
      case MOST_ALLOCATED -> Math.min(taken, all) * NodeScore.MAX / all;
      case REQUESTED_TO_CAPACITY_RATIO -> atUtilization(taken > all ? 100 : taken * 100 / all);
    };
  }

  /** Between points on a straight line, outside as at the nearest point. */
  private long atUtilization(long utilization) {
    Point before = null;
    for (Point point : shape) {
      if (utilization <= point.utilization()) {
        return before == null ? scaled(point) : between(before, point, utilization);
      }
      before = point;
    }
    return scaled(shape.getLast());
  }

  private static long between(Point a, Point b, long utilization) {
    return scaled(a)
        + (scaled(b) - scaled(a))
            * (utilization - a.utilization())
            / (b.utilization() - a.utilization());
  }

  private static long scaled(Point point) {
    return point.score() * NodeScore.MAX / 10;
  }
}
