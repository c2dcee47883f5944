package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.AffinityTerm;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.MatchCount;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.PlacedTerm;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodMatch;
import dev.shiplog.scheduler.model.Topology;
import java.util.List;

/** Required affinity and anti-affinity of one pod, and the anti-affinity of others against it. */
final class AffinityFilter implements NodeFilter {

  private static final Verdict NOT_NEAR =
      Verdict.unresolvable("node(s) didn't match pod affinity rules");
  private static final Verdict NEAR =
      Verdict.unschedulable("node(s) didn't match pod anti-affinity rules");
  private static final Verdict KEPT_AWAY =
      Verdict.unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");

  private final List<MarkedDomains> required;
  private final List<MarkedDomains> forbidden;
  private final List<MarkedDomains> against;

  /** True if the pod may be the first of a group that wants to be together. */
  private final boolean isFirstOfItsOwn;

  AffinityFilter(Pod pod, List<PlacedTerm> against, Cluster cluster) {
    this.against =
        against.stream()
            .map(term -> new MarkedDomains(cluster, term.term().topologyKey(), term::at))
            .toList();
    this.forbidden =
        pod.affinity().forbidden().stream()
            .map(term -> marked(cluster, term, cluster.count(match(List.of(term)))))
            .toList();
    List<AffinityTerm> terms = pod.affinity().required();
    MatchCount near = terms.isEmpty() ? null : cluster.count(match(terms));
    this.required = terms.stream().map(term -> marked(cluster, term, near)).toList();
    this.isFirstOfItsOwn =
        required.stream().noneMatch(MarkedDomains::hasAny)
            && terms.stream().allMatch(term -> cluster.selects(term.pods(), pod));
  }

  private static PodMatch match(List<AffinityTerm> terms) {
    return new PodMatch(terms.stream().map(AffinityTerm::pods).toList(), true);
  }

  private static MarkedDomains marked(Cluster cluster, AffinityTerm term, MatchCount count) {
    return new MarkedDomains(cluster, term.topologyKey(), count::at);
  }

  @Override
  public Verdict filter(NodeInfo node) {
    int slot = node.slot();
    if (!required.isEmpty() && !isNear(slot)) {
      return NOT_NEAR;
    }
    if (anyHas(forbidden, slot)) {
      return NEAR;
    }
    return anyHas(against, slot) ? KEPT_AWAY : Verdict.PASS;
  }

  private boolean isNear(int slot) {
    for (MarkedDomains domains : required) {
      boolean near = isFirstOfItsOwn ? domains.domain(slot) != Topology.NONE : domains.holds(slot);
      if (!near) {
        return false;
      }
    }
    return true;
  }

  private static boolean anyHas(List<MarkedDomains> all, int slot) {
    for (MarkedDomains domains : all) {
      if (domains.holds(slot)) {
        return true;
      }
    }
    return false;
  }
}
