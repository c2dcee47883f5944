package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;

/** A score that depends on other nodes, or on pods elsewhere, as well. */
public interface ClusterScore extends Plugin {

  /**
   * Scores all candidates at once, since each one's score depends on the others.
   *
   * @param candidates nodes on which the pod can run; at least two
   * @param scores to be filled with 0 to {@link NodeScore#MAX} for each candidate, by its index;
   *     longer than there are candidates
   * @return false if every node suits the pod alike; what is in {@code scores} then does not count
   */
  boolean score(Pod pod, Cluster cluster, Candidates candidates, long[] scores);
}
