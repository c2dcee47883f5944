package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.framework.Scale;
import dev.shiplog.scheduler.framework.ShapeFilter;
import dev.shiplog.scheduler.framework.ShapeScore;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.PodShape;
import dev.shiplog.scheduler.model.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps pods off nodes that lack what they ask for, and prefers nodes as its strategy says: by
 * default those of whose CPU and memory the least is taken.
 */
public final class NodeResourcesFit implements ShapeFilter, ShapeScore {

  private final ScoringStrategy strategy;
  private final IgnoredResources ignored;

  public NodeResourcesFit() {
    this(ScoringStrategy.LEAST_ALLOCATED, IgnoredResources.NONE);
  }

  /**
   * With arguments.
   *
   * @param ignored extended resources of which it does not matter how much a node has
   */
  public NodeResourcesFit(ScoringStrategy strategy, IgnoredResources ignored) {
    this.strategy = strategy;
    this.ignored = ignored;
  }

  @Override
  public String name() {
    return "NodeResourcesFit";
  }

  @Override
  public Optional<NodeFilter> preFilter(PodShape shape) {
    PodShape minded = ignored.without(shape);
    return Optional.of(node -> fits(minded, node) ? Verdict.PASS : shortage(minded, node));
  }

  @Override
  public Optional<NodeScore> preScore(PodShape shape) {
    return Optional.of(node -> strategy.score(shape, node));
  }

  @Override
  public Scale scale() {
    return Scale.ABSOLUTE;
  }

  private static boolean fits(PodShape shape, NodeInfo node) {
    Resources wanted = shape.requests();
    Resources all = node.node().allocatable();
    Resources taken = node.requested();
    return node.podCount() < node.node().maxPods()
        && enough(wanted.cpuMilli(), all.cpuMilli(), taken.cpuMilli())
        && enough(wanted.memoryBytes(), all.memoryBytes(), taken.memoryBytes())
        && enough(wanted.ephemeralBytes(), all.ephemeralBytes(), taken.ephemeralBytes())
        && (wanted.extended().isEmpty() || fitsExtended(wanted, all, taken));
  }

  private static boolean fitsExtended(Resources wanted, Resources all, Resources taken) {
    for (Map.Entry<String, Long> resource : wanted.extended().entrySet()) {
      String name = resource.getKey();
      if (!enough(resource.getValue(), all.extended(name), taken.extended(name))) {
        return false;
      }
    }
    return true;
  }

  /** A pod that asks for nothing fits even where more is taken than there is. */
  private static boolean enough(long wanted, long all, long taken) {
    return wanted == 0 || wanted <= all - taken;
  }

  private static Verdict shortage(PodShape shape, NodeInfo node) {
    Shortage shortage = new Shortage();
    Resources wanted = shape.requests();
    Resources all = node.node().allocatable();
    Resources taken = node.requested();
    if (node.podCount() >= node.node().maxPods()) {
      shortage.reasons.add("Too many pods");
    }
    shortage.check("cpu", wanted.cpuMilli(), all.cpuMilli(), taken.cpuMilli());
    shortage.check("memory", wanted.memoryBytes(), all.memoryBytes(), taken.memoryBytes());
    shortage.check(
        "ephemeral-storage", wanted.ephemeralBytes(), all.ephemeralBytes(), taken.ephemeralBytes());
    wanted
        .extended()
        .forEach((name, n) -> shortage.check(name, n, all.extended(name), taken.extended(name)));
    return new Verdict(shortage.reasons, shortage.preemptible);
  }

  /** Collects what a node lacks. */
  private static final class Shortage {
    private final List<String> reasons = new ArrayList<>();
    private boolean preemptible = true;

    void check(String resource, long wanted, long all, long taken) {
      if (!enough(wanted, all, taken)) {
        reasons.add("Insufficient " + resource);
        preemptible &= wanted <= all;
      }
    }
  }
}
