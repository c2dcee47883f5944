package dev.shiplog.streams.controllers.daemonset;

import dev.shiplog.streams.controllers.pod.PodStates;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One node and the daemons of one DaemonSet on it.
 *
 * @param node its name
 * @param fit whether a daemon belongs there
 * @param all the daemons, ending and finished ones included, those on the node and the oldest first
 * @param hash of the template that is wanted
 */
record NodeDaemons(String node, NodeFit fit, List<Pod> all, String hash) {

  private static final Comparator<Pod> FIRST_BOUND_THEN_OLDEST =
      Comparator.<Pod>comparingInt(pod -> PodStates.isScheduled(pod) ? 0 : 1)
          .thenComparing(pod -> String.valueOf(pod.getMetadata().getCreationTimestamp()))
          .thenComparing(pod -> pod.getMetadata().getName());

  NodeDaemons {
    all = all.stream().sorted(FIRST_BOUND_THEN_OLDEST).toList();
  }

  List<Pod> active() {
    return all.stream().filter(PodStates::isActive).toList();
  }

  /** Ended by themselves, and not yet deleted. */
  List<Pod> finished() {
    return all.stream()
        .filter(pod -> PodStates.isFinished(pod) && !PodStates.isTerminating(pod))
        .toList();
  }

  boolean isUpToDate(Pod pod) {
    return DaemonPods.hasHash(pod, hash);
  }

  Optional<Pod> oldestUpToDate() {
    return active().stream().filter(this::isUpToDate).findFirst();
  }

  Optional<Pod> oldestOutdated() {
    return active().stream().filter(pod -> !isUpToDate(pod)).findFirst();
  }
}
