package dev.shiplog.streams.controllers.daemonset;

import dev.shiplog.streams.controllers.pod.PodStates;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The next step of a rolling update, on nodes where otherwise all is as it should be. */
final class RollingDaemons {

  private final DaemonStrategy strategy;
  private final int minReadySeconds;
  private final Instant now;

  RollingDaemons(DaemonStrategy strategy, int minReadySeconds, Instant now) {
    this.strategy = strategy;
    this.minReadySeconds = minReadySeconds;
    this.now = now;
  }

  /** Old daemons to give up now. */
  List<Pod> toDelete(List<NodeDaemons> places) {
    if (!strategy.rolling()) {
      return List.of();
    }
    return strategy.maxSurge() > 0 ? relieved(places) : withinUnavailable(places);
  }

  private List<Pod> relieved(List<NodeDaemons> places) {
    List<Pod> relieved = new ArrayList<>();
    for (NodeDaemons place : places) {
      Optional<Pod> old = place.oldestOutdated();
      Optional<Pod> current = place.oldestUpToDate();
      if (old.isPresent()
          && current.isPresent()
          && (!PodStates.isReady(old.get()) || isAvailable(current.get()))) {
        relieved.add(old.get());
      }
    }
    return relieved;
  }

  /** Those that are of no use anyway go first, and count for the bound all the same. */
  private List<Pod> withinUnavailable(List<NodeDaemons> places) {
    List<Pod> useless = new ArrayList<>();
    List<Pod> candidates = new ArrayList<>();
    int unavailable = 0;
    for (NodeDaemons place : places) {
      if (!place.fit().mayStay() || (place.all().isEmpty() && !place.fit().shouldRun())) {
        continue;
      }
      Optional<Pod> old = place.oldestOutdated();
      boolean works = place.active().stream().anyMatch(this::isAvailable);
      unavailable += works ? 0 : 1;
      old.ifPresent(works ? candidates::add : useless::add);
    }
    int more = Math.clamp(strategy.maxUnavailable() - unavailable, 0, candidates.size());
    useless.addAll(candidates.subList(0, more));
    return useless;
  }

  /** Nodes to start a new daemon on beside the old one. */
  List<String> toSurgeOn(List<NodeDaemons> places) {
    if (!strategy.rolling() || strategy.maxSurge() == 0) {
      return List.of();
    }
    List<String> useless = new ArrayList<>();
    List<String> candidates = new ArrayList<>();
    int surging = 0;
    for (NodeDaemons place : places) {
      Optional<Pod> old = place.oldestOutdated();
      Optional<Pod> current = place.oldestUpToDate();
      if (old.isEmpty() || !place.fit().shouldRun()) {
        continue;
      }
      if (current.isPresent()) {
        surging++;
      } else {
        (isAvailable(old.get()) ? candidates : useless).add(place.node());
      }
    }
    int more = Math.clamp(strategy.maxSurge() - surging, 0, candidates.size());
    useless.addAll(candidates.subList(0, more));
    return useless;
  }

  private boolean isAvailable(Pod pod) {
    return PodStates.isAvailable(pod, minReadySeconds, now);
  }
}
