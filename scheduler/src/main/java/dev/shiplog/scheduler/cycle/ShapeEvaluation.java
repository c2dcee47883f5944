package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.framework.Profile.Weighted;
import dev.shiplog.scheduler.framework.Scale;
import dev.shiplog.scheduler.framework.ShapeScore;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.PodShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What all shape filters and shape scores say of all nodes for one shape. A node is asked about
 * again only when it has changed, so deciding on the next replica of a workload costs one node, not
 * all of them. By slot, in plain arrays, because these are what every decision runs through.
 */
final class ShapeEvaluation {

  /** In place of a score: the slot is empty or its node turned the pod down. */
  static final long INFEASIBLE = Long.MIN_VALUE;

  private final Cluster cluster;
  private final List<ReadyFilter> filters;
  private final List<Absolute> absolutes = new ArrayList<>();
  private final List<Relative> relatives = new ArrayList<>();
  private long[] absoluteScores = new long[0];
  private int feasibleCount;
  private long seen;
  private Optional<Diagnosis> diagnosis = Optional.empty();

  private record Absolute(NodeScore score, int weight) {}

  ShapeEvaluation(Profile profile, PodShape shape, Cluster cluster) {
    this.cluster = cluster;
    this.filters = ReadyFilter.of(profile.shapeFilters(), shape);
    for (Weighted<ShapeScore> weighted : profile.shapeScores()) {
      ShapeScore plugin = weighted.plugin();
      plugin.preScore(shape).ifPresent(score -> add(score, plugin.scale(), weighted.weight()));
    }
  }

  private void add(NodeScore score, Scale scale, int weight) {
    if (scale == Scale.ABSOLUTE) {
      absolutes.add(new Absolute(score, weight));
    } else {
      relatives.add(new Relative(score, scale, weight));
    }
  }

  /** Brings it up to date with the cluster. */
  void refresh() {
    if (seen == cluster.generation()) {
      return;
    }
    diagnosis = Optional.empty();
    ensureCapacity(cluster.slotCount());
    cluster.forEachChangedSince(seen, this::evaluate);
    seen = cluster.generation();
  }

  /** How many nodes pass. */
  int feasibleCount() {
    return feasibleCount;
  }

  boolean isFeasible(int slot) {
    return absoluteScores[slot] != INFEASIBLE;
  }

  /** The sum of the scores that need no comparison with other nodes; {@link #INFEASIBLE} apart. */
  long absoluteScore(int slot) {
    return absoluteScores[slot];
  }

  /** The scores that say something only in comparison, if any tells nodes apart. */
  List<Relative> relativesThatMatter() {
    for (Relative relative : relatives) {
      if (relative.matters()) {
        return relatives.stream().filter(Relative::matters).toList();
      }
    }
    return List.of();
  }

  /** Why no node passes; asked only when that is so. */
  Diagnosis diagnosis() {
    if (diagnosis.isEmpty()) {
      diagnosis = Optional.of(diagnose());
    }
    return diagnosis.get();
  }

  private Diagnosis diagnose() {
    Optional<Diagnosis> everywhere = ReadyFilter.everywhere(filters, true, cluster.nodeCount());
    if (everywhere.isPresent()) {
      return everywhere.get();
    }
    Diagnosis.Builder builder = new Diagnosis.Builder();
    for (int slot = 0; slot < cluster.slotCount(); slot++) {
      NodeInfo node = cluster.at(slot);
      if (node != null) {
        diagnose(node, builder);
      }
    }
    return builder.build();
  }

  /** Adds what the shape filters say of one node, unless it passes. */
  boolean diagnose(NodeInfo node, Diagnosis.Builder builder) {
    for (ReadyFilter ready : filters) {
      Verdict verdict = ready.filter().filter(node);
      if (!verdict.passes()) {
        builder.addFromShapeFilter(ready.name(), verdict);
        return true;
      }
    }
    return false;
  }

  /** What the shape filters say of one node: the first that turns it down, or that it passes. */
  Verdict verdict(NodeInfo node) {
    for (ReadyFilter ready : filters) {
      Verdict verdict = ready.filter().filter(node);
      if (!verdict.passes()) {
        return verdict;
      }
    }
    return Verdict.PASS;
  }

  /** Asks first and counts then: a plugin may fail. */
  private void evaluate(int slot) {
    NodeInfo node = cluster.at(slot);
    boolean feasible = node != null && verdict(node).passes();
    long score = feasible ? sumOfAbsolutes(node) : INFEASIBLE;
    for (Relative relative : relatives) {
      relative.set(slot, feasible ? relative.score(node) : 0);
    }
    feasibleCount += (feasible ? 1 : 0) - (isFeasible(slot) ? 1 : 0);
    absoluteScores[slot] = score;
  }

  private long sumOfAbsolutes(NodeInfo node) {
    long sum = 0;
    for (Absolute absolute : absolutes) {
      sum += absolute.weight() * absolute.score().score(node);
    }
    return sum;
  }

  private void ensureCapacity(int slots) {
    int old = absoluteScores.length;
    if (slots > old) {
      int length = Math.max(slots, old + old / 2);
      absoluteScores = Arrays.copyOf(absoluteScores, length);
      Arrays.fill(absoluteScores, old, length, INFEASIBLE);
      relatives.forEach(relative -> relative.ensureCapacity(length));
    }
  }
}
