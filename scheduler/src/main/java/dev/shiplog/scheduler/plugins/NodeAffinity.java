package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.framework.Scale;
import dev.shiplog.scheduler.framework.ShapeFilter;
import dev.shiplog.scheduler.framework.ShapeScore;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.NodeSelectorTerm;
import dev.shiplog.scheduler.model.PodShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds a pod to its nodeSelector and required node affinity, and scores by the preferred one. */
public final class NodeAffinity implements ShapeFilter, ShapeScore {

  private static final Verdict NO_MATCH =
      Verdict.unresolvable("node(s) didn't match Pod's node affinity/selector");

  private static final Verdict NO_MATCH_ADDED =
      Verdict.unresolvable("node(s) didn't match scheduler-enforced node affinity");

  private static final Verdict NOT_NAMED =
      Verdict.unresolvable("node(s) didn't satisfy plugin(s) [NodeAffinity]");

  private static final Verdict NAMES_NONE = Verdict.unresolvable("pod affinity terms conflict");

  private final dev.shiplog.scheduler.model.NodeAffinity added;

  public NodeAffinity() {
    this(dev.shiplog.scheduler.model.NodeAffinity.NONE);
  }

  /**
   * With arguments.
   *
   * @param added holds for every pod, beside the pod's own
   */
  public NodeAffinity(dev.shiplog.scheduler.model.NodeAffinity added) {
    this.added = added;
  }

  @Override
  public String name() {
    return "NodeAffinity";
  }

  @Override
  public Optional<NodeFilter> preFilter(PodShape shape) {
    return added.allowsEveryNode() && shape.nodeAffinity().allowsEveryNode()
        ? Optional.empty()
        : Optional.of(node -> verdict(shape, node.node()));
  }

  @Override
  public Optional<NodeFilter> narrow(PodShape shape) {
    return shape
        .nodeAffinity()
        .nodeNames()
        .map(names ->
            names.isEmpty()
                ? NodeFilter.everywhere(NAMES_NONE)
                : node -> names.contains(node.name()) ? Verdict.PASS : NOT_NAMED);
  }

  private Verdict verdict(PodShape shape, Node node) {
    if (!added.allows(node)) {
      return NO_MATCH_ADDED;
    }
    return shape.nodeAffinity().allows(node) ? Verdict.PASS : NO_MATCH;
  }

  /** The sum of the weights of the wishes that a node fulfils. */
  @Override
  public Optional<NodeScore> preScore(PodShape shape) {
    List<NodeSelectorTerm.Preferred> preferred = new ArrayList<>(shape.nodeAffinity().preferred());
    preferred.addAll(added.preferred());
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
