package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.Candidates;
import dev.shiplog.scheduler.framework.ClusterScore;
import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.ImageCopies;
import dev.shiplog.scheduler.model.Pod;

/**
 * Prefers nodes that have the pod's images already, large ones more than small ones. An image that
 * few nodes have counts less, so that not all pods that need it crowd there.
 */
public final class ImageLocality implements ClusterScore {

  private static final long MB = 1024 * 1024;

  /** Less than that is pulled in no time. */
  private static final long LEAST_BYTES = 23 * MB;

  private static final long MOST_BYTES_OF_A_CONTAINER = 1000 * MB;

  @Override
  public String name() {
    return "ImageLocality";
  }

  @Override
  public boolean score(Pod pod, Cluster cluster, Candidates candidates, long[] scores) {
    if (!fillWithSums(pod, cluster, candidates, scores)) {
      return false;
    }
    long most = MOST_BYTES_OF_A_CONTAINER * pod.images().names().size();
    for (int i = 0; i < candidates.count(); i++) {
      long sum = Math.clamp(scores[i], LEAST_BYTES, most);
      scores[i] = NodeScore.MAX * (sum - LEAST_BYTES) / (most - LEAST_BYTES);
    }
    return true;
  }

  private static boolean fillWithSums(
      Pod pod, Cluster cluster, Candidates candidates, long[] scores) {
    boolean any = false;
    for (String image : pod.images().names()) {
      ImageCopies copies = cluster.copiesOf(image);
      for (int i = 0; copies != null && i < candidates.count(); i++) {
        double share = (double) copies.nodes() / cluster.nodeCount();
        scores[i] = (any ? scores[i] : 0) + (long) (copies.sizeAt(candidates.slot(i)) * share);
      }
      any |= copies != null;
    }
    return any;
  }
}
