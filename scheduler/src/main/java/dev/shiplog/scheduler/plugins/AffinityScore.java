package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.Candidates;
import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.model.AffinityTerm;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.MatchCount;
import dev.shiplog.scheduler.model.PlacedTerm;
import dev.shiplog.scheduler.model.PodMatch;
import dev.shiplog.scheduler.model.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;

/**
 * Sums, for one pod, the weights of all wishes that a node would fulfil, by domain; the scores
 * range from the lowest sum of a candidate to the highest.
 */
final class AffinityScore {

  /** The sums within one topology. */
  private static final class Sums {
    private final Topology topology;
    private final long[] byDomain;

    Sums(Topology topology) {
      this.topology = topology;
      this.byDomain = new long[topology.domainCount()];
    }

    void add(int slot, long weight) {
      int domain = topology.domain(slot);
      if (domain != Topology.NONE) {
        byDomain[domain] += weight;
      }
    }

    long at(int slot) {
      int domain = topology.domain(slot);
      return domain == Topology.NONE ? 0 : byDomain[domain];
    }
  }

  private final Cluster cluster;
  private final Map<String, Sums> byTopologyKey = new HashMap<>(4);

  AffinityScore(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Adds a wish of the pod itself. */
  void add(AffinityTerm.Preferred wish) {
    AffinityTerm term = wish.term();
    MatchCount count = cluster.count(new PodMatch(List.of(term.pods()), true));
    if (count.total() > 0) {
      add(term.topologyKey(), count::at, wish.weight());
    }
  }

  /** Adds what placed pods wish or demand. */
  void add(PlacedTerm placed, int weight) {
    add(placed.term().topologyKey(), placed::at, weight);
  }

  private void add(String topologyKey, IntToLongFunction amounts, int weight) {
    Sums sums = byTopologyKey.computeIfAbsent(topologyKey, key -> new Sums(cluster.topology(key)));
    for (int slot = 0; slot < cluster.slotCount(); slot++) {
      long amount = amounts.applyAsLong(slot);
      if (amount != 0) {
        sums.add(slot, amount * weight);
      }
    }
  }

  /** False if all candidates would score alike. */
  boolean fill(Candidates candidates, long[] scores) {
    if (byTopologyKey.isEmpty()) {
      return false;
    }
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    for (int i = 0; i < candidates.count(); i++) {
      scores[i] = sum(candidates.slot(i));
      least = Math.min(least, scores[i]);
      most = Math.max(most, scores[i]);
    }
    if (least == most) {
      return false;
    }
    for (int i = 0; i < candidates.count(); i++) {
      double share = (double) (scores[i] - least) / (most - least);
      scores[i] = (long) (NodeScore.MAX * share);
    }
    return true;
  }

  private long sum(int slot) {
    long sum = 0;
    for (Sums sums : byTopologyKey.values()) {
      sum += sums.at(slot);
    }
    return sum;
  }
}
