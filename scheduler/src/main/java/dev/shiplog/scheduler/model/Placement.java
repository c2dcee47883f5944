package dev.shiplog.scheduler.model;

/**
 * A pod on a node, as the cluster counts it.
 *
 * @param node may stand for a node that does not exist (any more)
 */
public record Placement(Pod pod, NodeInfo node) {

  /** True if both take the same of the same node, and count alike. */
  public boolean countsLike(Placement other) {
    return node == other.node && pod.schedulesLike(other.pod);
  }
}
