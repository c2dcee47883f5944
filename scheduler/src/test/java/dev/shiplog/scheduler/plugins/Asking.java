package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.ShapeFilter;
import dev.shiplog.scheduler.framework.ShapeScore;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.testing.Clusters;
import java.util.Optional;

/** Asks one plugin about one pod and one node. */
final class Asking {

  private Asking() {}

  static Verdict verdict(ShapeFilter plugin, Pod pod, Node node, Pod... placed) {
    Optional<NodeFilter> filter = plugin.preFilter(pod.shape());
    return filter.map(f -> f.filter(Clusters.nodeWith(node, placed))).orElse(Verdict.PASS);
  }

  static long score(ShapeScore plugin, Pod pod, Node node, Pod... placed) {
    return plugin.preScore(pod.shape()).orElseThrow().score(Clusters.nodeWith(node, placed));
  }
}
