package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.framework.Scale;
import dev.shiplog.scheduler.framework.ShapeScore;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.PodShape;
import dev.shiplog.scheduler.model.Resources;
import java.util.Optional;

/** Prefers nodes of whose CPU and memory the pod would leave an equal share free. */
public final class NodeResourcesBalancedAllocation implements ShapeScore {

  @Override
  public String name() {
    return "NodeResourcesBalancedAllocation";
  }

  /** A pod that asks for nothing balances nothing. */
  @Override
  public Optional<NodeScore> preScore(PodShape shape) {
    Resources wanted = shape.requests();
    return wanted.cpuMilli() == 0 && wanted.memoryBytes() == 0
        ? Optional.empty()
        : Optional.of(node -> balance(wanted, node));
  }

  @Override
  public Scale scale() {
    return Scale.ABSOLUTE;
  }

  /** With two shares, their standard deviation is half their difference. */
  private static long balance(Resources wanted, NodeInfo node) {
    Resources all = node.node().allocatable();
    if (all.cpuMilli() == 0 || all.memoryBytes() == 0) {
      return NodeScore.MAX;
    }
    double cpu = share(node.requested().cpuMilli() + wanted.cpuMilli(), all.cpuMilli());
    double memory = share(node.requested().memoryBytes() + wanted.memoryBytes(), all.memoryBytes());
    return (long) ((1 - Math.abs(cpu - memory) / 2) * NodeScore.MAX);
  }

  private static double share(long taken, long all) {
    return Math.min(1, (double) taken / all);
  }
}
