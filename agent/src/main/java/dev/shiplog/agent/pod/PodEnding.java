package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.time.Timers;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a pod that runs is to end, why, and how much time it gets: by what the cluster says, what
 * the node wants and what the pod itself asks for. State belongs to the pod's worker.
 */
final class PodEnding {

  private final Timers timers;
  private Duration grace;
  private boolean removed;

  /** Why the node ends it; null if it does not. */
  private Termination byNode;

  /** The node gives it no more time than this to end. */
  private Duration longest = Duration.ofSeconds(Long.MAX_VALUE);

  /** When the node took the pod up, in steady time; looked at where there is a deadline. */
  private Optional<Instant> begun = Optional.empty();

  PodEnding(Pod pod, Timers timers) {
    this.timers = timers;
    grace = PodSpecs.grace(pod);
  }

  // --- what the worker is told

  /** The pod is gone from the node's assignments. */
  void remove() {
    removed = true;
  }

  /** The node ends it; the first word stands. */
  void byNode(Termination why) {
    if (byNode == null) {
      byNode = why;
    }
  }

  void within(Duration atMost) {
    longest = atMost;
  }

  // --- what follows

  boolean isRemoved() {
    return removed;
  }

  boolean isByNode() {
    return byNode != null;
  }

  /** Whether nobody wants to look at it once it has ended. */
  boolean isUnwanted(Pod pod) {
    return removed || PodSpecs.isDeleted(pod);
  }

  /** How much time it gets, as of the last {@link #hurries}. */
  Duration grace() {
    return grace;
  }

  /** Whether the pod gets less time than before. */
  boolean hurries(Pod pod) {
    Duration before = grace;
    Duration own = PodSpecs.grace(pod);
    grace = own.compareTo(longest) < 0 ? own : longest;
    return grace.compareTo(before) < 0;
  }

  /** Why it is to end now; empty if it is to run on. */
  Optional<Termination> reason(Pod pod) {
    if (byNode != null) {
      return Optional.of(byNode);
    }
    if (removed) {
      return Optional.of(Termination.REMOVED);
    }
    if (PodSpecs.isDeleted(pod)) {
      return Optional.of(Termination.DELETED);
    }
    if (PodSpecs.hasEnded(pod)) {
      return Optional.of(Termination.COMPLETED);
    }
    return deadline(pod)
        .filter(at -> !timers.steady().isBefore(at))
        .map(at -> Termination.DEADLINE_EXCEEDED);
  }

  /** When it is to end by its own wish, in steady time. */
  Optional<Instant> deadline(Pod pod) {
    Long seconds = pod.getSpec().getActiveDeadlineSeconds();
    if (seconds == null) {
      return Optional.empty();
    }
    if (begun.isEmpty()) {
      begun = PodReports.startTime(pod).map(timers::steadyWhen);
    }
    return begun.map(start -> start.plusSeconds(seconds));
  }
}
