package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.Verdict;
import java.util.List;
import java.util.Map;

/**
 * How a decision on a pod comes about.
 *
 * @param nodes every node, in no order
 */
public record Explanation(List<OfNode> nodes) {

  public Explanation {
    nodes = List.copyOf(nodes);
  }

  /**
   * What was found of one node.
   *
   * @param rejections what each filter says that turns it down, by plugin; empty if it is feasible
   * @param scores what each score gives it, weight included, by plugin; empty unless it is feasible
   */
  public record OfNode(String name, Map<String, Verdict> rejections, Map<String, Long> scores) {

    public boolean feasible() {
      return rejections.isEmpty();
    }

    /** By which feasible nodes are compared. */
    public long total() {
      return scores.values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
