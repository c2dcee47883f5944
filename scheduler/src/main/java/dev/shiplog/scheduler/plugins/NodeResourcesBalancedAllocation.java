package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.framework.Scale;
import dev.shiplog.scheduler.framework.ShapeScore;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.PodShape;
import dev.shiplog.scheduler.model.Resources;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Prefers nodes of whose resources the pod would leave an equal share free. */
public final class NodeResourcesBalancedAllocation implements ShapeScore {

  private final List<String> resources;

  public NodeResourcesBalancedAllocation() {
    this(List.of("cpu", "memory"));
  }

  /**
   * With arguments.
   *
   * @param resources names of those that count
   */
  public NodeResourcesBalancedAllocation(List<String> resources) {
    this.resources = List.copyOf(resources);
  }

  @Override
  public String name() {
    return "NodeResourcesBalancedAllocation";
  }

  /** A pod that asks for nothing balances nothing. */
  @Override
  public Optional<NodeScore> preScore(PodShape shape) {
    Resources wanted = shape.requests();
    List<String> counting =
        resources.stream().filter(name -> isNative(name) || wanted.of(name) > 0).toList();
    return counting.stream().allMatch(name -> wanted.of(name) == 0)
        ? Optional.empty()
        : Optional.of(node -> balance(counting, wanted, node));
  }

  /** Others count only for pods that ask for them. */
  private static boolean isNative(String resource) {
    return resource.equals("cpu") || resource.equals("memory");
  }

  @Override
  public Scale scale() {
    return Scale.ABSOLUTE;
  }

  private static long balance(List<String> resources, Resources wanted, NodeInfo node) {
    double[] shares = new double[resources.size()];
    int count = 0;
    for (String resource : resources) {
      long all = node.node().allocatable().of(resource);
      if (all > 0) {
        long taken = node.requested().of(resource) + wanted.of(resource);
        shares[count++] = Math.min(1, (double) taken / all);
      }
    }
    return (long) ((1 - deviation(shares, count)) * NodeScore.MAX);
  }

  /** The standard deviation; of two shares it is half their difference. */
  private static double deviation(double[] shares, int count) {
    if (count < 2) {
      return 0;
    }
    if (count == 2) {
      return Math.abs(shares[0] - shares[1]) / 2;
    }
    double mean = Arrays.stream(shares, 0, count).sum() / count;
    double squares = Arrays.stream(shares, 0, count).map(s -> (s - mean) * (s - mean)).sum();
    return Math.sqrt(squares / count);
  }
}
