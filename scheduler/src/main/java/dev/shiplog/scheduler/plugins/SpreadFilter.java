package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.SpreadConstraint;
import dev.shiplog.scheduler.model.Topology;
import java.util.List;

/** Turns down nodes in domains that would hold too many more pods than the emptiest one. */
final class SpreadFilter implements NodeFilter {

  private static final Verdict NO_LABEL =
      Verdict.unresolvable(
          "node(s) didn't match pod topology spread constraints (missing required label)");
  private static final Verdict TOO_UNEVEN =
      Verdict.unschedulable("node(s) didn't match pod topology spread constraints");

  /** One constraint with what can be known of it before a node is looked at. */
  private record Limit(DomainCounts counts, int most) {}

  private final List<Limit> limits;

  SpreadFilter(Pod pod, List<SpreadConstraint> constraints, Cluster cluster) {
    this.limits =
        DomainCounts.of(pod, constraints, cluster, true).stream()
            .map(counts -> new Limit(counts, mostAllowed(pod, counts)))
            .toList();
  }

  @Override
  public Verdict filter(NodeInfo node) {
    for (Limit limit : limits) {
      int domain = limit.counts().domain(node.slot());
      if (domain == Topology.NONE) {
        return NO_LABEL;
      }
      if (limit.counts().count(domain) > limit.most()) {
        return TOO_UNEVEN;
      }
    }
    return Verdict.PASS;
  }

  /** How many pods a domain may hold before this one comes to it. */
  private static int mostAllowed(Pod pod, DomainCounts counts) {
    SpreadConstraint constraint = counts.constraint();
    int itself = constraint.selector().matches(pod.labels()) ? 1 : 0;
    return counts.least() + constraint.maxSkew() - itself;
  }
}
