package dev.shiplog.streams.controllers.daemonset;

import static dev.shiplog.streams.kit.ResourceTypes.DAEMON_SETS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Reconciliation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatusBuilder;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** What a DaemonSet says about its nodes. */
final class DaemonSetStatuses {

  private final DaemonSet set;
  private final Instant now;
  private final int minReadySeconds;

  DaemonSetStatuses(DaemonSet set, Instant now) {
    this.set = set;
    this.now = now;
    Integer seconds = set.getSpec().getMinReadySeconds();
    this.minReadySeconds = seconds == null ? 0 : seconds;
  }

  /** Says so, and looks again when the next daemon will be available. */
  void report(List<NodeDaemons> places, Reconciliation.Builder result) {
    DaemonSet reported = new DaemonSetBuilder(set).withStatus(status(places)).build();
    Commands.changeStatus(DAEMON_SETS, set, reported).ifPresent(result::command);
    places.stream()
        .flatMap(place -> place.active().stream())
        .flatMap(pod -> PodStates.availableIn(pod, minReadySeconds, now).stream())
        .forEach(result::requeueAfter);
  }

  private DaemonSetStatus status(List<NodeDaemons> places) {
    List<NodeDaemons> wanted = places.stream().filter(place -> place.fit().shouldRun()).toList();
    int available = count(wanted, pod -> PodStates.isAvailable(pod, minReadySeconds, now));
    int misplaced =
        (int)
            places.stream()
                .filter(place -> !place.fit().shouldRun() && !place.all().isEmpty())
                .count();
    return new DaemonSetStatusBuilder()
        .withObservedGeneration(set.getMetadata().getGeneration())
        .withDesiredNumberScheduled(wanted.size())
        .withCurrentNumberScheduled(count(wanted, pod -> true))
        .withNumberMisscheduled(misplaced)
        .withNumberReady(count(wanted, PodStates::isReady))
        .withUpdatedNumberScheduled(unlessZero(upToDate(wanted)))
        .withNumberAvailable(unlessZero(available))
        .withNumberUnavailable(unlessZero(wanted.size() - available))
        .withCollisionCount(set.getStatus() == null ? null : set.getStatus().getCollisionCount())
        .build();
  }

  private static int upToDate(List<NodeDaemons> places) {
    return (int)
        places.stream().filter(place -> place.all().stream().anyMatch(place::isUpToDate)).count();
  }

  /** Nodes with a daemon of which that is true. */
  private static int count(List<NodeDaemons> places, Predicate<Pod> counts) {
    return (int) places.stream().filter(place -> place.all().stream().anyMatch(counts)).count();
  }

  private static Integer unlessZero(int number) {
    return number == 0 ? null : number;
  }
}
