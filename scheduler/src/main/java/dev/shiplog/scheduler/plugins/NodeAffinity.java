package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.framework.Scale;
import dev.shiplog.scheduler.framework.ShapeFilter;
import dev.shiplog.scheduler.framework.ShapeScore;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.NodeSelectorTerm;
import dev.shiplog.scheduler.model.PodShape;
import java.util.List;
import java.util.Optional;

/** Holds a pod to its nodeSelector and required node affinity, and scores by the preferred one. */
public final class NodeAffinity implements ShapeFilter, ShapeScore {

  private static final Verdict NO_MATCH =
      Verdict.unresolvable("node(s) didn't match Pod's node affinity/selector");

  @Override
  public String name() {
    return "NodeAffinity";
  }

  @Override
  public Optional<NodeFilter> preFilter(PodShape shape) {
    return shape.nodeAffinity().allowsEveryNode()
        ? Optional.empty()
        : Optional.of(node -> shape.nodeAffinity().allows(node.node()) ? Verdict.PASS : NO_MATCH);
  }

  /** The sum of the weights of the wishes that a node fulfils. */
  @Override
  public Optional<NodeScore> preScore(PodShape shape) {
    List<NodeSelectorTerm.Preferred> preferred = shape.nodeAffinity().preferred();
    return preferred.isEmpty()
        ? Optional.empty()
        : Optional.of(node -> {
          long sum = 0;
          for (NodeSelectorTerm.Preferred wish : preferred) {
            sum += wish.term().matches(node.node()) ? wish.weight() : 0;
          }
          return sum;
        });
  }

  @Override
  public Scale scale() {
    return Scale.MORE_IS_BETTER;
  }
}
