package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.Verdict;
import java.util.HashSet;
import java.util.Set;

/**
 * Why no node will do.
 *
 * @param rejectedBy the cluster filters that turned nodes down
 * @param rejectedByShape true if shape filters turned any down; they need not be known by name, as
 *     whether they pass can be looked up
 * @param preemptibleNodes how many nodes would do if other pods were gone
 * @param nodes how many nodes there are
 * @param message what users are told, in Kubernetes' words
 */
public record Diagnosis(
    Set<String> rejectedBy,
    boolean rejectedByShape,
    int preemptibleNodes,
    int nodes,
    String message) {

  private static final String NO_NODES = "no nodes available to schedule pods";

  public Diagnosis {
    rejectedBy = Set.copyOf(rejectedBy);
  }

  /** A cluster filter turned all nodes down for something about the pod. */
  static Diagnosis everywhere(String filter, Verdict verdict, int nodes) {
    String message =
        nodes == 0
            ? NO_NODES
            : "0/" + nodes + " nodes are available: " + String.join(", ", verdict.reasons()) + ".";
    return new Diagnosis(
        Set.of(filter), nodes == 0, verdict.preemptible() ? nodes : 0, nodes, message);
  }

  /** Collects verdicts, one for each node. */
  static final class Builder {
    private final Reasons reasons = new Reasons();
    private final Set<String> rejectedBy = new HashSet<>();
    private boolean rejectedByShape;
    private int preemptible;

    void add(Verdict verdict) {
      rejectedByShape = true;
      count(verdict);
    }

    void addFromClusterFilter(String filter, Verdict verdict) {
      rejectedBy.add(filter);
      count(verdict);
    }

    private void count(Verdict verdict) {
      reasons.add(verdict);
      preemptible += verdict.preemptible() ? 1 : 0;
    }

    Diagnosis build() {
      int nodes = reasons.nodes();
      String message = nodes == 0 ? NO_NODES : reasons.message();
      return new Diagnosis(rejectedBy, rejectedByShape || nodes == 0, preemptible, nodes, message);
    }
  }
}
