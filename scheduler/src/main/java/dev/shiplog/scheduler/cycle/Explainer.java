package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.cycle.Explanation.OfNode;
import dev.shiplog.scheduler.framework.ClusterScore;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.framework.Profile.Weighted;
import dev.shiplog.scheduler.framework.ShapeScore;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells how a decision comes about: asks every plugin about every node, and keeps nothing. */
public final class Explainer {

  private final Profile profile;
  private final Cluster cluster;

  public Explainer(Profile profile, Cluster cluster) {
    this.profile = profile;
    this.cluster = cluster;
  }

  /** Explains where a pod would go in the cluster as it is now. */
  public Explanation explain(Pod pod) {
    Map<String, NodeFilter> filters = filters(pod);
    List<OfNode> nodes = new ArrayList<>();
    CandidateSlots candidates = new CandidateSlots(cluster);
    candidates.clear();
    for (int slot = 0; slot < cluster.slotCount(); slot++) {
      NodeInfo node = cluster.at(slot);
      if (node != null) {
        Map<String, Verdict> rejections = rejections(filters, node);
        if (rejections.isEmpty()) {
          rejections = ofThoseNominated(node, pod);
        }
        nodes.add(new OfNode(node.name(), rejections, new LinkedHashMap<>()));
        if (rejections.isEmpty()) {
          candidates.add(slot);
        }
      }
    }
    score(pod, candidates, nodes.stream().filter(OfNode::feasible).toList());
    return new Explanation(nodes);
  }

  private Map<String, NodeFilter> filters(Pod pod) {
    Map<String, NodeFilter> filters = new LinkedHashMap<>();
    for (ReadyFilter ready : ReadyFilter.of(profile.shapeFilters(), pod.shape())) {
      filters.merge(ready.name(), ready.filter(), Explainer::both);
    }
    for (ReadyFilter ready : ReadyFilter.of(profile.clusterFilters(), pod, cluster)) {
      filters.put(ready.name(), ready.filter());
    }
    return filters;
  }

  /** What turns it down only because room is held for others. */
  private Map<String, Verdict> ofThoseNominated(NodeInfo node, Pod pod) {
    Rivals rivals = new Rivals(cluster);
    String names =
        rivals.on(node, pod).stream().map(Pod::key).sorted().collect(Collectors.joining(", "));
    Map<String, Verdict> found = new LinkedHashMap<>();
    rivals.verdict(
        node,
        pod,
        () -> {
          rejections(filters(pod), node)
              .forEach((name, verdict) ->
                  found.put(name, Verdict.unschedulable(withRivals(verdict, names))));
          return Verdict.PASS;
        });
    return found;
  }

  private static String[] withRivals(Verdict verdict, String names) {
    return verdict.reasons().stream()
        .map(reason -> reason + " (with " + names + ", nominated for it)")
        .toArray(String[]::new);
  }

  private static NodeFilter both(NodeFilter first, NodeFilter second) {
    return node -> {
      Verdict verdict = first.filter(node);
      return verdict.passes() ? second.filter(node) : verdict;
    };
  }

  private static Map<String, Verdict> rejections(Map<String, NodeFilter> filters, NodeInfo node) {
    Map<String, Verdict> rejections = new LinkedHashMap<>();
    filters.forEach((name, filter) -> {
      Verdict verdict = filter.filter(node);
      if (!verdict.passes()) {
        rejections.put(name, verdict);
      }
    });
    return rejections;
  }

  private void score(Pod pod, CandidateSlots candidates, List<OfNode> feasible) {
    for (Weighted<ShapeScore> weighted : profile.shapeScores()) {
      Optional<NodeScore> score = weighted.plugin().preScore(pod.shape());
      long[] raw = new long[feasible.size()];
      long highest = 0;
      for (int i = 0; score.isPresent() && i < raw.length; i++) {
        raw[i] = score.get().score(candidates.node(i));
        highest = Math.max(highest, raw[i]);
      }
      for (int i = 0; score.isPresent() && i < raw.length; i++) {
        long normalized = weighted.plugin().scale().normalized(raw[i], highest);
        put(feasible.get(i), weighted, normalized);
      }
    }
    for (Weighted<ClusterScore> weighted : profile.clusterScores()) {
      long[] scores = new long[feasible.size()];
      if (scores.length > 0 && weighted.plugin().score(pod, cluster, candidates, scores)) {
        for (int i = 0; i < scores.length; i++) {
          put(feasible.get(i), weighted, scores[i]);
        }
      }
    }
  }

  private static void put(OfNode node, Weighted<?> weighted, long score) {
    node.scores().put(weighted.plugin().name(), weighted.weight() * score);
  }
}
