package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.Candidates;
import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.SpreadConstraint;
import dev.shiplog.scheduler.model.Topology;
import java.util.BitSet;
import java.util.List;

/**
 * Scores nodes the higher the fewer matching pods lie in their domains. A domain weighs by the
 * logarithm of how many domains its topology has, so that hosts, of which there are many with few
 * pods each, count as much as zones.
 */
final class SpreadScore {

  /** Of a node that lacks a label the pod's constraints name. */
  private static final long INELIGIBLE = -1;

  private final boolean needsAllKeys;
  private final List<DomainCounts> counts;
  private final Candidates candidates;

  /**
   * Scores for one pod.
   *
   * @param needsAllKeys whether a node that lacks a label some constraint names scores nothing
   */
  SpreadScore(
      Pod pod,
      List<SpreadConstraint> constraints,
      boolean needsAllKeys,
      Cluster cluster,
      Candidates candidates) {
    this.needsAllKeys = needsAllKeys;
    this.candidates = candidates;
    this.counts = DomainCounts.of(pod, constraints, cluster, needsAllKeys);
  }

  void fill(long[] scores) {
    boolean[] ineligible = ineligibleCandidates();
    double[] sums = new double[candidates.count()];
    for (DomainCounts count : counts) {
      add(count, sums, ineligible);
    }
    for (int i = 0; i < sums.length; i++) {
      scores[i] = ineligible[i] ? INELIGIBLE : Math.round(sums[i]);
    }
    normalize(scores);
  }

  private void add(DomainCounts count, double[] sums, boolean[] ineligible) {
    double weight = Math.log(domainsOfCandidates(count, ineligible) + 2);
    int maxSkew = count.constraint().maxSkew();
    for (int i = 0; i < sums.length; i++) {
      int domain = count.domain(candidates.slot(i));
      if (domain != Topology.NONE) {
        sums[i] += count.count(domain) * weight + maxSkew - 1;
      }
    }
  }

  private int domainsOfCandidates(DomainCounts count, boolean[] ineligible) {
    BitSet domains = new BitSet(count.domainCount());
    for (int i = 0; i < ineligible.length; i++) {
      int domain = count.domain(candidates.slot(i));
      if (domain != Topology.NONE && !ineligible[i]) {
        domains.set(domain);
      }
    }
    return domains.cardinality();
  }

  private boolean[] ineligibleCandidates() {
    boolean[] ineligible = new boolean[candidates.count()];
    if (needsAllKeys) {
      for (int i = 0; i < ineligible.length; i++) {
        for (DomainCounts count : counts) {
          ineligible[i] |= count.domain(candidates.slot(i)) == Topology.NONE;
        }
      }
    }
    return ineligible;
  }

  private void normalize(long[] scores) {
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < candidates.count(); i++) {
      if (scores[i] != INELIGIBLE) {
        least = Math.min(least, scores[i]);
        most = Math.max(most, scores[i]);
      }
    }
    for (int i = 0; i < candidates.count(); i++) {
      if (scores[i] == INELIGIBLE) {
        scores[i] = 0;
      } else {
        scores[i] = most == 0 ? NodeScore.MAX : NodeScore.MAX * (most + least - scores[i]) / most;
      }
    }
  }
}
