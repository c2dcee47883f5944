package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.framework.Scale;
import dev.shiplog.scheduler.framework.ShapeFilter;
import dev.shiplog.scheduler.framework.ShapeScore;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.PodShape;
import dev.shiplog.scheduler.model.Taint;
import java.util.Optional;

/**
 * Keeps pods off nodes with a taint NoSchedule or NoExecute that they do not tolerate, and prefers
 * nodes with few taints PreferNoSchedule that they do not tolerate.
 */
public final class TaintToleration implements ShapeFilter, ShapeScore {

  /** Which taint it is may be nobody's business who reads the pod, so Kubernetes does not say. */
  private static final Verdict UNTOLERATED =
      Verdict.unresolvable("node(s) had untolerated taint(s)");

  @Override
  public String name() {
    return "TaintToleration";
  }

  @Override
  public Optional<NodeFilter> preFilter(PodShape shape) {
    return Optional.of(node -> verdict(shape, node));
  }

  private static Verdict verdict(PodShape shape, NodeInfo node) {
    return shape.toleratesTaintsOf(node.node()) ? Verdict.PASS : UNTOLERATED;
  }

  /** The number of taints that the pod would rather be kept off by. */
  @Override
  public Optional<NodeScore> preScore(PodShape shape) {
    return Optional.of(node -> {
      long count = 0;
      for (Taint taint : node.node().taints()) {
        count += taint.forbidsScheduling() || shape.tolerates(taint) ? 0 : 1;
      }
      return count;
    });
  }

  @Override
  public Scale scale() {
    return Scale.LESS_IS_BETTER;
  }
}
