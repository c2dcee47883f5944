package dev.shiplog.streams.controllers.deployment;

import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** One look at one Deployment and its ReplicaSets. */
final class Rollout {

  private final Deployment deployment;
  private final Views views;
  private final Strategy strategy;
  private final Instant now;
  private final Reconciliation.Builder result;
  private Sets sets;

  Rollout(
      Deployment deployment,
      Collection<ReplicaSet> owned,
      Views views,
      Instant now,
      Reconciliation.Builder result) {
    this.deployment = deployment;
    this.views = views;
    this.strategy = Strategy.of(deployment);
    this.now = now;
    this.result = result;
    this.sets = Sets.of(deployment, owned);
  }

  Reconciliation reconcile() {
    if (deployment.getMetadata().getDeletionTimestamp() != null) {
      report(statuses().counted());
    } else if (isPaused() || isScaling()) {
      scale();
    } else if (strategy.recreate()) {
      recreate();
    } else {
      rollingUpdate();
    }
    return result.build();
  }

  private DeploymentStatuses statuses() {
    return new DeploymentStatuses(deployment, sets, strategy, now);
  }

  /** Its size was changed since its sets were last scaled. */
  private boolean isScaling() {
    return sets.active().stream()
        .mapToInt(set -> Annotations.desiredReplicas(set.seen()))
        .anyMatch(desired -> desired >= 0 && desired != strategy.replicas());
  }

  private void scale() {
    takeRevision();
    new ProportionalScaling(sets, strategy).apply();
    sendSets();
    if (isPaused()) {
      cleanUp();
    }
    DeploymentStatuses statuses = statuses();
    statuses.notePause();
    report(statuses.counted());
  }

  private boolean isPaused() {
    return Boolean.TRUE.equals(deployment.getSpec().getPaused());
  }

  private void rollingUpdate() {
    if (sets.current().isEmpty()
        && !planNew(RollingUpdate.newSize(strategy, 0, sets.possibleReplicas()))) {
      return;
    }
    takeRevision();
    new RollingUpdate(sets, strategy).step();
    finish();
  }

  private void recreate() {
    takeRevision();
    if (RollingUpdate.scaleDownAllOld(sets, strategy) || oldPodsRemain()) {
      finish();
      return;
    }
    if (sets.current().isEmpty() && !planNew(strategy.replicas())) {
      return;
    }
    takeRevision();
    PlannedSet current = sets.current().orElseThrow();
    if (!current.isToBeCreated() && current.replicas() != strategy.replicas()) {
      current.scaleTo(strategy.replicas(), strategy);
    }
    finish();
  }

  private boolean oldPodsRemain() {
    return sets.old().stream()
        .flatMap(set -> views.of(PODS).controlledBy(set.seen().getMetadata().getUid()).stream())
        .anyMatch(pod -> !PodStates.isFinished(pod));
  }

  /** Plans the set for the template; false if its name is taken, which must be settled first. */
  private boolean planNew(int replicas) {
    Integer collisions =
        deployment.getStatus() == null ? null : deployment.getStatus().getCollisionCount();
    int count = collisions == null ? 0 : collisions;
    String hash = Templates.hash(deployment.getSpec().getTemplate(), count);
    String name = deployment.getMetadata().getName() + "-" + hash;
    if (views.of(REPLICA_SETS).get(deployment.getMetadata().getNamespace(), name).isPresent()) {
      Deployment collided =
          new DeploymentBuilder(deployment)
              .editOrNewStatus()
              .withCollisionCount(count + 1)
              .endStatus()
              .build();
      report(collided);
      return false;
    }
    sets = sets.withNew(deployment, name, hash, replicas);
    sets.current().orElseThrow().noteSizes(strategy);
    return true;
  }

  /** The set with the template carries the highest revision, and the Deployment the same. */
  private void takeRevision() {
    if (sets.current().isEmpty()) {
      return;
    }
    PlannedSet current = sets.current().get();
    Annotations.copy(deployment, current.annotations());
    Annotations.raiseRevision(current.annotations(), sets.lastOldRevision() + 1);
    current.minReadySeconds(deployment.getSpec().getMinReadySeconds());
    String revision = current.annotations().get(Annotations.REVISION);
    if (!revision.equals(Annotations.of(deployment).get(Annotations.REVISION))) {
      ObjectNode patch = KubernetesJson.object();
      patch.withObject("/metadata").withObject("/annotations").put(Annotations.REVISION, revision);
      result.command(Commands.patch(DEPLOYMENTS, deployment, patch));
    }
  }

  private void finish() {
    sendSets();
    DeploymentStatuses statuses = statuses();
    statuses.notePause();
    sets.current()
        .ifPresent(set -> {
          if (set.isToBeCreated()) {
            statuses.noteCreation(set);
          } else {
            statuses.noteFound(set);
          }
        });
    boolean creating = sets.current().filter(PlannedSet::isToBeCreated).isPresent();
    Deployment reported = creating ? statuses.counted() : statuses.rollingOut();
    if (statuses.isComplete(reported.getStatus())) {
      cleanUp();
    }
    report(reported);
    statuses.untilDeadline().ifPresent(result::requeueAfter);
  }

  private void report(Deployment reported) {
    Commands.changeStatus(DEPLOYMENTS, deployment, reported).ifPresent(result::command);
  }

  private void sendSets() {
    sets.all()
        .forEach(set -> {
          set.command().ifPresent(result::command);
          tellScaling(set);
        });
  }

  private void tellScaling(PlannedSet set) {
    Integer replicas = set.seen().getSpec().getReplicas();
    int from = set.isToBeCreated() || replicas == null ? 0 : replicas;
    int to = set.replicas();
    if (from != to) {
      String message =
          String.format(
              "Scaled %s replica set %s from %d to %d",
              to > from ? "up" : "down", set.name(), from, to);
      result.event(EventRequest.normal(DEPLOYMENTS, deployment, "ScalingReplicaSet", message));
    }
  }

  /** Deletes old sets beyond the history to keep, oldest revisions first. */
  private void cleanUp() {
    Integer limit = deployment.getSpec().getRevisionHistoryLimit();
    if (limit == null) {
      return;
    }
    List<ReplicaSet> idle =
        sets.old().stream()
            .filter(set -> set.replicas() == 0 && set.currentReplicas() == 0)
            .filter(PlannedSet::isObserved)
            .map(PlannedSet::seen)
            .filter(set -> set.getMetadata().getDeletionTimestamp() == null)
            .sorted(Comparator.comparingLong(Annotations::revision))
            .toList();
    idle.stream()
        .limit(Math.max(0, sets.old().size() - limit))
        .forEach(set -> result.command(Commands.delete(REPLICA_SETS, set)));
  }
}
