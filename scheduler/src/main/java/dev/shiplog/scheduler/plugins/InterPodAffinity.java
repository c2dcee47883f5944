package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.Candidates;
import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.ClusterScore;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.model.AffinityTerm;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.PlacedTerm;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodAffinity;
import java.util.List;
import java.util.Optional;

/**
 * Places pods near to, or far from, other pods, as both sides ask for: a pod does not go where a
 * pod that is there already forbids it.
 */
public final class InterPodAffinity implements ClusterFilter, ClusterScore {

  private static final int DEFAULT_HARD_WEIGHT = 1;

  private final int hardPodAffinityWeight;
  private final boolean ignoresWishesOfPlacedPods;

  public InterPodAffinity() {
    this(DEFAULT_HARD_WEIGHT, false);
  }

  /**
   * With arguments.
   *
   * @param hardPodAffinityWeight with which a placed pod's required affinity scores for pods it is
   *     about; 0 to 100
   * @param ignoresWishesOfPlacedPods true if only the wishes of the pod itself score
   */
  public InterPodAffinity(int hardPodAffinityWeight, boolean ignoresWishesOfPlacedPods) {
    this.hardPodAffinityWeight = hardPodAffinityWeight;
    this.ignoresWishesOfPlacedPods = ignoresWishesOfPlacedPods;
  }

  @Override
  public String name() {
    return "InterPodAffinity";
  }

  @Override
  public Optional<NodeFilter> preFilter(Pod pod, Cluster cluster) {
    List<PlacedTerm> against = cluster.forbiddenNear(pod);
    PodAffinity own = pod.affinity();
    return against.isEmpty() && own.required().isEmpty() && own.forbidden().isEmpty()
        ? Optional.empty()
        : Optional.of(new AffinityFilter(pod, against, cluster));
  }

  @Override
  public boolean mayPassAfter(ClusterEvent event, Pod pod, Cluster cluster) {
    return switch (event) {
      case ClusterEvent.NodeChanged changed -> true;
      case ClusterEvent.NodeRemoved removed -> true;
      case ClusterEvent.VolumesChanged changed -> false;
      case ClusterEvent.PodPlaced placed ->
          anyAbout(pod.affinity().required(), placed.pod(), cluster);
      case ClusterEvent.PodFreed freed ->
          anyAbout(pod.affinity().forbidden(), freed.pod(), cluster)
              || anyAbout(freed.pod().affinity().forbidden(), pod, cluster);
    };
  }

  private static boolean anyAbout(List<AffinityTerm> terms, Pod pod, Cluster cluster) {
    for (AffinityTerm term : terms) {
      if (cluster.selects(term.pods(), pod)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean score(Pod pod, Cluster cluster, Candidates candidates, long[] scores) {
    AffinityScore score = new AffinityScore(cluster);
    if (!ignoresWishesOfPlacedPods || !pod.affinity().preferred().isEmpty()) {
      cluster.preferredNear(pod).forEach(term -> score.add(term, 1));
      if (hardPodAffinityWeight > 0) {
        cluster.requiredNear(pod).forEach(term -> score.add(term, hardPodAffinityWeight));
      }
    }
    pod.affinity().preferred().forEach(score::add);
    return score.fill(candidates, scores);
  }
}
