package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.queue.TurnedDown;
import java.util.HashSet;
import java.util.Set;

/**
 * Why no node will do.
 *
 * @param plugins all filters that turned nodes down
 * @param rejectedBy the cluster filters among them
 * @param rejectedByShape true if shape filters turned any down; which of them does not matter for
 *     what may help, as whether they pass can be looked up
 * @param preemptibleNodes how many nodes would do if other pods were gone
 * @param nodes how many nodes there are
 * @param message what users are told, in Kubernetes' words
 */
public record Diagnosis(
    Set<String> plugins,
    Set<String> rejectedBy,
    boolean rejectedByShape,
    int preemptibleNodes,
    int nodes,
    String message) {

  private static final String NO_NODES = "no nodes available to schedule pods";

  public Diagnosis {
    plugins = Set.copyOf(plugins);
    rejectedBy = Set.copyOf(rejectedBy);
  }

  TurnedDown turnedDown() {
    return new TurnedDown(plugins, rejectedBy, rejectedByShape);
  }

  /** A filter turned all nodes down for something about the pod. */
  static Diagnosis everywhere(String filter, boolean ofShape, Verdict verdict, int nodes) {
    String message =
        nodes == 0
            ? NO_NODES
            : "0/" + nodes + " nodes are available: " + String.join(", ", verdict.reasons()) + ".";
    Set<String> rejectedBy = ofShape ? Set.of() : Set.of(filter);
    return new Diagnosis(
        Set.of(filter),
        rejectedBy,
        ofShape || nodes == 0,
        verdict.preemptible() ? nodes : 0,
        nodes,
        message);
  }

  /** Collects verdicts, one for each node. */
  static final class Builder {
    private final Reasons reasons = new Reasons();
    private final Set<String> plugins = new HashSet<>();
    private final Set<String> rejectedBy = new HashSet<>();
    private boolean rejectedByShape;
    private int preemptible;

    /** The node would do but for pods that are nominated there: no single filter is to blame. */
    void addForNominated(Verdict verdict) {
      rejectedByShape = true;
      count(verdict);
    }

    void addFromShapeFilter(String filter, Verdict verdict) {
      rejectedByShape = true;
      plugins.add(filter);
      count(verdict);
    }

    void addFromClusterFilter(String filter, Verdict verdict) {
      rejectedBy.add(filter);
      plugins.add(filter);
      count(verdict);
    }

    private void count(Verdict verdict) {
      reasons.add(verdict);
      preemptible += verdict.preemptible() ? 1 : 0;
    }

    Diagnosis build() {
      int nodes = reasons.nodes();
      String message = nodes == 0 ? NO_NODES : reasons.message();
      return new Diagnosis(
          plugins, rejectedBy, rejectedByShape || nodes == 0, preemptible, nodes, message);
    }
  }
}
