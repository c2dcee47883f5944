package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Counts for what reasons nodes were turned down, and says so in Kubernetes' words. */
final class Reasons {

  private final Map<String, Integer> counts = new HashMap<>();
  private int nodes;

  void add(Verdict verdict) {
    nodes++;
    verdict.reasons().forEach(reason -> counts.merge(reason, 1, Integer::sum));
  }

  void add(String reason, int ofNodes) {
    if (ofNodes > 0) {
      nodes += ofNodes;
      counts.merge(reason, ofNodes, Integer::sum);
    }
  }

  int nodes() {
    return nodes;
  }

  /** Sorted as texts, counts included, so that equal situations give equal messages. */
  String message() {
    Set<String> counted = new TreeSet<>();
    counts.forEach((reason, count) -> counted.add(count + " " + reason));
    return "0/" + nodes + " nodes are available: " + String.join(", ", counted) + ".";
  }
}
