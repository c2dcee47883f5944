package dev.shiplog.streams.controllers.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pods to give up first when there are too many: those of least use, then those whose node
 * has most of their kind, then the youngest.
 */
public final class DeletionRanking {

  private static final String COST_ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";

  private DeletionRanking() {}

  /**
   * The first pods to delete.
   *
   * @param related all active pods that share the work, those of the pods themselves included
   */
  public static List<Pod> choose(
      Collection<Pod> pods, Collection<Pod> related, int count, Instant now) {
    if (count >= pods.size()) {
      return List.copyOf(pods);
    }
    List<Pod> ranked = new ArrayList<>(pods);
    ranked.sort(order(perNode(related), now));
    return List.copyOf(ranked.subList(0, count));
  }

  private static Map<String, Integer> perNode(Collection<Pod> related) {
    Map<String, Integer> counts = new HashMap<>();
    related.stream()
        .filter(PodStates::isScheduled)
        .forEach(pod -> counts.merge(pod.getSpec().getNodeName(), 1, Integer::sum));
    return counts;
  }

  private static Comparator<Pod> order(Map<String, Integer> perNode, Instant now) {
    return Comparator.<Pod>comparingInt(pod -> PodStates.isScheduled(pod) ? 1 : 0)
        .thenComparingInt(DeletionRanking::phaseRank)
        .thenComparingInt(pod -> PodStates.isReady(pod) ? 1 : 0)
        .thenComparingInt(DeletionRanking::cost)
        .thenComparingInt(pod -> -perNode.getOrDefault(pod.getSpec().getNodeName(), 0))
        .thenComparingInt(pod -> ageRank(PodStates.readySince(pod).orElse(null), now))
        .thenComparingInt(pod -> -PodStates.restarts(pod))
        .thenComparingInt(pod -> ageRank(createdAt(pod), now))
        .thenComparing(pod -> pod.getMetadata().getUid());
  }

  private static int phaseRank(Pod pod) {
    return switch (PodStates.phase(pod)) {
      case "Pending" -> 0;
      case "Unknown" -> 1;
      default -> 2;
    };
  }

  private static int cost(Pod pod) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    String cost = annotations == null ? null : annotations.get(COST_ANNOTATION);
    try {
      return cost == null ? 0 : Integer.parseInt(cost);
    } catch (NumberFormatException e) {
      return 0; // as without the annotation, which is a hint only
    }
  }

  /** On a logarithmic scale, so that pods of about the same age are told apart by chance. */
  private static int ageRank(Instant since, Instant now) {
    if (since == null) {
      return -1;
    }
    long seconds = Math.max(0, Duration.between(since, now).toSeconds());
    return Long.SIZE - Long.numberOfLeadingZeros(seconds);
  }

  private static Instant createdAt(Pod pod) {
    String created = pod.getMetadata().getCreationTimestamp();
    return created == null ? null : Instant.parse(created);
  }
}
