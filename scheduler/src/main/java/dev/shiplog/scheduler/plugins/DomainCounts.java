package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.MatchCount;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.SpreadConstraint;
import dev.shiplog.scheduler.model.Topology;
import java.util.List;
import java.util.function.IntPredicate;

/** How many pods that count for one constraint of a pod lie in each domain of its topology. */
final class DomainCounts {

  private final SpreadConstraint constraint;
  private final Topology topology;
  private final int[] counts;
  private final boolean[] hasNode;

  private DomainCounts(
      Pod pod, SpreadConstraint constraint, Cluster cluster, IntPredicate eligible) {
    this.constraint = constraint;
    this.topology = cluster.topology(constraint.topologyKey());
    this.counts = new int[topology.domainCount()];
    this.hasNode = new boolean[topology.domainCount()];
    MatchCount matches = cluster.count(pod.namespace(), constraint.selector());
    boolean everyNodeCounts =
        pod.shape().nodeAffinity().allowsEveryNode() && !constraint.honorsTaints();
    for (int slot = 0; slot < cluster.slotCount(); slot++) {
      int domain = topology.domain(slot);
      if (domain != Topology.NONE
          && eligible.test(slot)
          && (everyNodeCounts || constraint.counts(cluster.at(slot).node(), pod.shape()))) {
        counts[domain] += matches.at(slot);
        hasNode[domain] = true;
      }
    }
  }

  /**
   * Counts over the whole cluster for each constraint.
   *
   * @param needsAllKeys true if only nodes count that have the labels of all constraints
   */
  static List<DomainCounts> of(
      Pod pod, List<SpreadConstraint> constraints, Cluster cluster, boolean needsAllKeys) {
    List<Topology> topologies =
        constraints.stream().map(c -> cluster.topology(c.topologyKey())).toList();
    IntPredicate eligible = needsAllKeys ? slot -> isInAll(topologies, slot) : slot -> true;
    return constraints.stream().map(c -> new DomainCounts(pod, c, cluster, eligible)).toList();
  }

  private static boolean isInAll(List<Topology> topologies, int slot) {
    for (Topology topology : topologies) {
      if (topology.domain(slot) == Topology.NONE) {
        return false;
      }
    }
    return true;
  }

  SpreadConstraint constraint() {
    return constraint;
  }

  /** The domain of the node in a slot, or {@link Topology#NONE}. */
  int domain(int slot) {
    return topology.domain(slot);
  }

  int domainCount() {
    return counts.length;
  }

  int count(int domain) {
    return counts[domain];
  }

  /**
   * The count of the emptiest domain; 0 where there are fewer domains than the constraint wants.
   */
  int least() {
    int domains = 0;
    int least = Integer.MAX_VALUE;
    for (int domain = 0; domain < counts.length; domain++) {
      if (hasNode[domain]) {
        domains++;
        least = Math.min(least, counts[domain]);
      }
    }
    return domains < constraint.minDomains() || domains == 0 ? 0 : least;
  }
}
