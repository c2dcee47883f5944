package dev.shiplog.streams.controllers.statefulset;

import static dev.shiplog.streams.kit.ResourceTypes.STATEFUL_SETS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Reconciliation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import java.time.Instant;
import java.util.function.Predicate;

/** What a StatefulSet says about its pods. */
final class StatefulSetStatuses {

  private final StatefulSet set;
  private final Members members;
  private final Instant now;
  private final StatefulSetStatus before;

  StatefulSetStatuses(StatefulSet set, Members members, Instant now) {
    this.set = set;
    this.members = members;
    this.now = now;
    this.before = set.getStatus() == null ? new StatefulSetStatus() : set.getStatus();
  }

  /** Says so, and looks again when the next pod will be available. */
  void report(String update, Reconciliation.Builder result) {
    StatefulSet reported = new StatefulSetBuilder(set).withStatus(status(update)).build();
    Commands.changeStatus(STATEFUL_SETS, set, reported).ifPresent(result::command);
    members.all().stream()
        .filter(PodStates::isActive)
        .flatMap(pod -> PodStates.availableIn(pod, members.minReadySeconds(), now).stream())
        .forEach(result::requeueAfter);
  }

  private StatefulSetStatus status(String update) {
    int replicas = members.all().size();
    int ready = count(members::isReady);
    int updated = count(pod -> isOf(pod, update));
    boolean rolledOut = replicas == members.wanted() && ready == replicas && updated == replicas;
    String current =
        rolledOut || isEmpty(before.getCurrentRevision()) ? update : before.getCurrentRevision();
    return new StatefulSetStatusBuilder()
        .withObservedGeneration(set.getMetadata().getGeneration())
        .withReplicas(replicas)
        .withReadyReplicas(unlessZero(ready))
        .withAvailableReplicas(count(members::isAvailable))
        .withCurrentReplicas(unlessZero(count(pod -> isOf(pod, current))))
        .withUpdatedReplicas(unlessZero(updated))
        .withCurrentRevision(current)
        .withUpdateRevision(update)
        .withCollisionCount(before.getCollisionCount() == null ? 0 : before.getCollisionCount())
        .build();
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }

  private static boolean isOf(Pod pod, String revision) {
    return !PodStates.isTerminating(pod) && Members.hasRevision(pod, revision);
  }

  private int count(Predicate<Pod> counts) {
    return (int) members.all().stream().filter(counts).count();
  }

  private static Integer unlessZero(int number) {
    return number == 0 ? null : number;
  }
}
