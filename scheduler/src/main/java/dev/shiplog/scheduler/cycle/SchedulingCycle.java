package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.ClusterScore;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.framework.Profile.Weighted;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Finds the best node for a pod: filter, score, select. Every node is considered, whatever the
 * cluster's size. Reads the cluster and changes nothing; one thread.
 */
public final class SchedulingCycle {

  private final Profile profile;
  private final Cluster cluster;
  private final ShapeEvaluations evaluations;
  private final Selection selection;
  private final CandidateSlots candidates;
  private long[] totals = new long[0];
  private long[] scores = new long[0];

  /**
   * A cycle over a cluster.
   *
   * @param random chooses among nodes that are equally good
   */
  public SchedulingCycle(Profile profile, Cluster cluster, RandomGenerator random) {
    this.profile = profile;
    this.cluster = cluster;
    this.evaluations = new ShapeEvaluations(profile, cluster);
    this.selection = new Selection(random);
    this.candidates = new CandidateSlots(cluster);
  }

  public Profile profile() {
    return profile;
  }

  /** Decides where a pod goes in the cluster as it is now. */
  public Decision decide(Pod pod) {
    ShapeEvaluation shape = evaluations.of(pod.shape());
    if (shape.feasibleCount() == 0) {
      return new Decision.Unschedulable(shape.diagnosis());
    }
    List<ReadyFilter> filters = clusterFilters(pod);
    findCandidates(shape, filters);
    if (candidates.count() == 0) {
      return new Decision.Unschedulable(diagnose(shape, filters));
    }
    if (candidates.count() == 1) {
      return new Decision.Placed(candidates.node(0));
    }
    scoreCandidates(pod, shape);
    return new Decision.Placed(candidates.node(selection.best(totals, candidates.count())));
  }

  /** True if the node would do for such pods, as far as shape filters can tell. */
  public boolean passes(PodShape shape, NodeInfo node) {
    return evaluations.filtersOf(shape).verdict(node).passes();
  }

  private record ReadyFilter(String name, NodeFilter filter) {}

  private List<ReadyFilter> clusterFilters(Pod pod) {
    List<ReadyFilter> ready = List.of();
    for (ClusterFilter plugin : profile.clusterFilters()) {
      NodeFilter filter = plugin.preFilter(pod, cluster).orElse(null);
      if (filter != null) {
        ready = ready.isEmpty() ? new ArrayList<>() : ready;
        ready.add(new ReadyFilter(plugin.name(), filter));
      }
    }
    return ready;
  }

  private void findCandidates(ShapeEvaluation shape, List<ReadyFilter> filters) {
    candidates.clear();
    for (int slot = 0; slot < cluster.slotCount(); slot++) {
      if (shape.isFeasible(slot) && passesAll(filters, slot)) {
        candidates.add(slot);
      }
    }
  }

  private boolean passesAll(List<ReadyFilter> filters, int slot) {
    for (ReadyFilter ready : filters) {
      if (!ready.filter().filter(cluster.at(slot)).passes()) {
        return false;
      }
    }
    return true;
  }

  private void scoreCandidates(Pod pod, ShapeEvaluation shape) {
    ensureCapacity(candidates.count());
    for (int i = 0; i < candidates.count(); i++) {
      totals[i] = shape.absoluteScore(candidates.slot(i));
    }
    for (Relative relative : shape.relativesThatMatter()) {
      relative.addTo(totals, candidates);
    }
    for (Weighted<ClusterScore> weighted : profile.clusterScores()) {
      if (weighted.plugin().score(pod, cluster, candidates, scores)) {
        for (int i = 0; i < candidates.count(); i++) {
          totals[i] += weighted.weight() * scores[i];
        }
      }
    }
  }

  private Diagnosis diagnose(ShapeEvaluation shape, List<ReadyFilter> filters) {
    Diagnosis.Builder builder = new Diagnosis.Builder();
    for (int slot = 0; slot < cluster.slotCount(); slot++) {
      NodeInfo node = cluster.at(slot);
      if (node != null) {
        diagnose(shape.verdict(node), node, filters, builder);
      }
    }
    return builder.build();
  }

  private static void diagnose(
      Verdict ofShape, NodeInfo node, List<ReadyFilter> filters, Diagnosis.Builder builder) {
    if (!ofShape.passes()) {
      builder.add(ofShape);
      return;
    }
    for (ReadyFilter ready : filters) {
      Verdict verdict = ready.filter().filter(node);
      if (!verdict.passes()) {
        builder.addFromClusterFilter(ready.name(), verdict);
        return;
      }
    }
  }

  private void ensureCapacity(int count) {
    if (count > totals.length) {
      int length = Math.max(count, totals.length * 2);
      totals = Arrays.copyOf(totals, length);
      scores = Arrays.copyOf(scores, length);
    }
  }
}
