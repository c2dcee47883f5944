package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.CandidateLimits;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.ClusterScore;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.framework.Profile.Weighted;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.metrics.ExtensionPoint;
import dev.shiplog.scheduler.metrics.PointTimes;
import dev.shiplog.scheduler.metrics.SchedulerMetrics;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodShape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Finds the best node for a pod: filter, score, select. Every node is considered, whatever the
 * cluster's size. Leaves the cluster as it was, though it may try out placements; one thread.
 */
public final class SchedulingCycle {

  private final Profile profile;
  private final Cluster cluster;
  private final ShapeEvaluations evaluations;
  private final Selection selection;
  private final CandidateSlots candidates;
  private final DefaultPreemption preemption;
  private final Rivals rivals;
  private final SchedulerMetrics metrics;
  private final PointTimes times;
  private long[] totals = new long[0];
  private long[] scores = new long[0];

  /** A cycle that nobody measures. */
  public SchedulingCycle(Profile profile, Cluster cluster, RandomGenerator random) {
    this(profile, cluster, random, SchedulerMetrics.none());
  }

  /**
   * A cycle over a cluster.
   *
   * @param random chooses among nodes that are equally good
   */
  SchedulingCycle(
      Profile profile, Cluster cluster, RandomGenerator random, SchedulerMetrics metrics) {
    this.profile = profile;
    this.cluster = cluster;
    this.evaluations = new ShapeEvaluations(profile, cluster);
    this.selection = new Selection(random);
    this.candidates = new CandidateSlots(cluster);
    this.rivals = new Rivals(cluster);
    this.metrics = metrics;
    this.times = metrics.pointsOf(profile.schedulerName());
    this.preemption =
        new DefaultPreemption(
            cluster, this::verdict, random, profile.preemption().orElse(CandidateLimits.DEFAULT));
  }

  public Profile profile() {
    return profile;
  }

  Cluster cluster() {
    return cluster;
  }

  /** Decides where a pod goes in the cluster as it is now. */
  public Decision decide(Pod pod) {
    long started = metrics.start();
    Decision decision = decide(pod, started);
    if (decision instanceof Decision.Placed) {
      metrics.decided(started);
    }
    return decision;
  }

  private Decision decide(Pod pod, long started) {
    Optional<NodeInfo> nominated = cluster.nominations().of(pod.key()).flatMap(cluster::node);
    if (nominated.isPresent() && takes(nominated.get(), pod)) {
      return new Decision.Placed(nominated.get());
    }
    ShapeEvaluation shape = evaluations.of(pod.shape());
    if (shape.feasibleCount() == 0) {
      times.ended(ExtensionPoint.FILTER, false, started);
      return new Decision.Unschedulable(shape.diagnosis());
    }
    long refreshed = times.start();
    List<ReadyFilter> filters = ReadyFilter.of(profile.clusterFilters(), pod, cluster);
    long ready = times.ended(ExtensionPoint.PRE_FILTER, true, refreshed);
    findCandidates(shape, filters);
    if (candidates.count() > 0 && !cluster.nominations().isEmpty()) {
      keepRoomForNominated(pod);
    }
    boolean any = candidates.count() > 0;
    long filtered = times.ended(ExtensionPoint.FILTER, any, ready + started - refreshed);
    if (!any) {
      return new Decision.Unschedulable(diagnose(pod, filters));
    }
    if (candidates.count() == 1) {
      return new Decision.Placed(candidates.node(0));
    }
    scoreCandidates(pod, evaluations.of(pod.shape()));
    NodeInfo best = candidates.node(selection.best(totals, candidates.count()));
    times.ended(ExtensionPoint.SCORE, true, filtered);
    return new Decision.Placed(best);
  }

  /** Looks for pods to remove, for one that was just found to fit nowhere. */
  PreemptionPlan planPreemption(Pod pod, Diagnosis diagnosis) {
    long started = times.start();
    PreemptionPlan plan = preemption.plan(pod, diagnosis);
    times.ended(ExtensionPoint.POST_FILTER, plan instanceof PreemptionPlan.Preempt, started);
    return plan;
  }

  /** True if the node would do for such pods, as far as shape filters can tell. */
  public boolean passes(PodShape shape, NodeInfo node) {
    return evaluations.filtersOf(shape).verdict(node).passes();
  }

  private boolean takes(NodeInfo node, Pod pod) {
    return verdictAsThingsAre(pod, node).passes() && leavesRoomForNominated(node, pod);
  }

  /** What all filters say of one node, with room left for pods nominated there. */
  private Verdict verdict(Pod pod, NodeInfo node) {
    Verdict verdict = verdictAsThingsAre(pod, node);
    return verdict.passes() ? verdictWithNominated(node, pod) : verdict;
  }

  private Verdict verdictAsThingsAre(Pod pod, NodeInfo node) {
    Verdict verdict = evaluations.filtersOf(pod.shape()).verdict(node);
    for (ClusterFilter plugin : profile.clusterFilters()) {
      if (!verdict.passes()) {
        return verdict;
      }
      NodeFilter filter = plugin.preFilter(pod, cluster).orElse(null);
      verdict = filter == null ? Verdict.PASS : filter.filter(node);
    }
    return verdict;
  }

  private void keepRoomForNominated(Pod pod) {
    Set<NodeInfo> full =
        cluster.nominations().nodes().stream()
            .flatMap(name -> cluster.node(name).stream())
            .filter(node -> !leavesRoomForNominated(node, pod))
            .collect(Collectors.toSet());
    if (!full.isEmpty()) {
      candidates.removeIf(full::contains);
    }
  }

  private boolean leavesRoomForNominated(NodeInfo node, Pod pod) {
    return verdictWithNominated(node, pod).passes();
  }

  /** What the filters say if the pods were there already that are nominated and not less urgent. */
  private Verdict verdictWithNominated(NodeInfo node, Pod pod) {
    return rivals.verdict(node, pod, () -> verdictAsThingsAre(pod, node));
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

  private Diagnosis diagnose(Pod pod, List<ReadyFilter> filters) {
    Optional<Diagnosis> everywhere = ReadyFilter.everywhere(filters, false, cluster.nodeCount());
    if (everywhere.isPresent()) {
      return everywhere.get();
    }
    Diagnosis.Builder builder = new Diagnosis.Builder();
    ShapeEvaluation shape = evaluations.of(pod.shape());
    for (int slot = 0; slot < cluster.slotCount(); slot++) {
      NodeInfo node = cluster.at(slot);
      if (node != null && !shape.diagnose(node, builder)) {
        diagnose(node, filters, pod, builder);
      }
    }
    return builder.build();
  }

  private void diagnose(
      NodeInfo node, List<ReadyFilter> filters, Pod pod, Diagnosis.Builder builder) {
    for (ReadyFilter ready : filters) {
      Verdict verdict = ready.filter().filter(node);
      if (!verdict.passes()) {
        builder.addFromClusterFilter(ready.name(), verdict);
        return;
      }
    }
    builder.addForNominated(verdictWithNominated(node, pod));
  }

  private void ensureCapacity(int count) {
    if (count > totals.length) {
      int length = Math.max(count, totals.length * 2);
      totals = Arrays.copyOf(totals, length);
      scores = Arrays.copyOf(scores, length);
    }
  }
}
