package dev.shiplog.streams.controllers.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a Deployment says about itself; {@code kubectl rollout status} lives on it. */
final class DeploymentStatuses {

  private static final String PROGRESSING = "Progressing";
  private static final String NEW_SET_AVAILABLE = "NewReplicaSetAvailable";
  private static final String DEADLINE_EXCEEDED = "ProgressDeadlineExceeded";

  private final Deployment deployment;
  private final Sets sets;
  private final Strategy strategy;
  private final Instant now;
  private final DeploymentStatus before;
  private final DeploymentConditions conditions;

  DeploymentStatuses(Deployment deployment, Sets sets, Strategy strategy, Instant now) {
    this.deployment = deployment;
    this.sets = sets;
    this.strategy = strategy;
    this.now = now;
    this.before = deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
    this.conditions = new DeploymentConditions(before.getConditions(), now);
  }

  /** The Deployment with its status; nothing is rolling out, or it is paused. */
  Deployment counted() {
    return withStatus(counts());
  }

  /** The Deployment with its status during a rollout. */
  Deployment rollingOut() {
    DeploymentStatus status = counts();
    if (!hasDeadline()) {
      conditions.remove(PROGRESSING);
    } else if (!wasComplete(status)) {
      judgeProgress(status);
    }
    passOnFailure();
    return withStatus(status);
  }

  private boolean hasDeadline() {
    Integer seconds = deployment.getSpec().getProgressDeadlineSeconds();
    return seconds != null && seconds != Integer.MAX_VALUE;
  }

  private Deployment withStatus(DeploymentStatus status) {
    status.setConditions(conditions.list());
    return new DeploymentBuilder(deployment).withStatus(status).build();
  }

  private DeploymentStatus counts() {
    int total = sets.all().mapToInt(set -> set.seen().getSpec().getReplicas()).sum();
    int available = sets.totalAvailable();
    judgeAvailability(available);
    return new DeploymentStatusBuilder()
        .withObservedGeneration(deployment.getMetadata().getGeneration())
        .withReplicas(count(sets.all().mapToInt(PlannedSet::currentReplicas).sum()))
        .withUpdatedReplicas(count(updated()))
        .withReadyReplicas(count(sets.all().mapToInt(PlannedSet::readyReplicas).sum()))
        .withAvailableReplicas(count(available))
        .withUnavailableReplicas(count(Math.max(0, total - available)))
        .withTerminatingReplicas(terminating())
        .withCollisionCount(before.getCollisionCount())
        .build();
  }

  /** Null as long as one of its sets does not tell: then nobody knows. */
  private Integer terminating() {
    List<Integer> told = sets.all().map(PlannedSet::terminatingReplicas).toList();
    return told.contains(null) ? null : told.stream().mapToInt(Integer::intValue).sum();
  }

  private int updated() {
    return sets.current().map(PlannedSet::currentReplicas).orElse(0);
  }

  /** Null where there are none, as Kubernetes leaves zeros out. */
  private static Integer count(int number) {
    return number == 0 ? null : number;
  }

  private static int orZero(Integer number) {
    return number == null ? 0 : number;
  }

  private void judgeAvailability(int available) {
    if (available >= strategy.minAvailable()) {
      conditions.set(
          "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.");
    } else {
      conditions.set(
          "Available",
          "False",
          "MinimumReplicasUnavailable",
          "Deployment does not have minimum availability.");
    }
  }

  private boolean wasComplete(DeploymentStatus status) {
    return orZero(status.getReplicas()) == orZero(status.getUpdatedReplicas())
        && conditions
            .get(PROGRESSING)
            .filter(condition -> condition.getReason().equals(NEW_SET_AVAILABLE))
            .isPresent();
  }

  private void judgeProgress(DeploymentStatus status) {
    String subject =
        sets.current()
            .map(set -> "ReplicaSet \"" + set.name() + "\"")
            .orElse("Deployment \"" + deployment.getMetadata().getName() + "\"");
    if (isComplete(status)) {
      conditions.set(
          PROGRESSING, "True", NEW_SET_AVAILABLE, subject + " has successfully progressed.");
    } else if (hasProgressed(status)) {
      conditions.renew(PROGRESSING, "True", "ReplicaSetUpdated", subject + " is progressing.");
    } else if (hasTimedOut()) {
      conditions.set(
          PROGRESSING, "False", DEADLINE_EXCEEDED, subject + " has timed out progressing.");
    }
  }

  /** All pods are of the new template, and available. */
  boolean isComplete(DeploymentStatus status) {
    int replicas = strategy.replicas();
    return orZero(status.getUpdatedReplicas()) == replicas
        && orZero(status.getReplicas()) == replicas
        && orZero(status.getAvailableReplicas()) == replicas
        && status.getObservedGeneration() >= deployment.getMetadata().getGeneration();
  }

  private boolean hasProgressed(DeploymentStatus status) {
    int oldPods = orZero(status.getReplicas()) - orZero(status.getUpdatedReplicas());
    int oldPodsBefore = orZero(before.getReplicas()) - orZero(before.getUpdatedReplicas());
    return orZero(status.getUpdatedReplicas()) > orZero(before.getUpdatedReplicas())
        || oldPods < oldPodsBefore
        || orZero(status.getReadyReplicas()) > orZero(before.getReadyReplicas())
        || orZero(status.getAvailableReplicas()) > orZero(before.getAvailableReplicas());
  }

  private boolean hasTimedOut() {
    return deadline().filter(time -> time.isBefore(now)).isPresent();
  }

  /** When the rollout counts as stuck, unless it moves before; empty if that cannot happen. */
  private Optional<Instant> deadline() {
    if (!hasDeadline()) {
      return Optional.empty();
    }
    int seconds = deployment.getSpec().getProgressDeadlineSeconds();
    return conditions
        .get(PROGRESSING)
        .filter(condition -> !condition.getReason().equals(DEADLINE_EXCEEDED))
        .filter(condition -> !condition.getReason().equals(NEW_SET_AVAILABLE))
        .map(condition -> Instant.parse(condition.getLastUpdateTime()).plusSeconds(seconds));
  }

  /** How long until the rollout has to be judged even if nothing happens. */
  Optional<Duration> untilDeadline() {
    return deadline().map(time -> Duration.between(now, time).plusSeconds(1));
  }

  private void passOnFailure() {
    Optional<ReplicaSetCondition> failure =
        sets.all()
            .filter(set -> set.seen().getStatus() != null)
            .flatMap(set -> set.seen().getStatus().getConditions().stream())
            .filter(condition -> condition.getType().equals("ReplicaFailure"))
            .findFirst();
    conditions.remove("ReplicaFailure");
    failure.ifPresent(condition ->
        conditions.keepOrSet(
            before.getConditions(),
            "ReplicaFailure",
            condition.getStatus(),
            condition.getReason(),
            condition.getMessage()));
  }

  /** A ReplicaSet with the template was made. */
  void noteCreation(PlannedSet created) {
    noteProgress("NewReplicaSetCreated", "Created new replica set \"" + created.name() + "\"");
  }

  /** A ReplicaSet with the template was there already. */
  void noteFound(PlannedSet found) {
    if (conditions.get(PROGRESSING).isEmpty()) {
      noteProgress("FoundNewReplicaSet", "Found new replica set \"" + found.name() + "\"");
    }
  }

  private void noteProgress(String reason, String message) {
    if (hasDeadline()) {
      conditions.set(PROGRESSING, "True", reason, message);
    }
  }

  /** A paused Deployment's deadline does not run. */
  void notePause() {
    if (!hasDeadline()) {
      return;
    }
    Optional<DeploymentCondition> progress = conditions.get(PROGRESSING);
    if (progress.filter(c -> c.getReason().equals(DEADLINE_EXCEEDED)).isPresent()) {
      return;
    }
    boolean paused = Boolean.TRUE.equals(deployment.getSpec().getPaused());
    boolean notedPause = progress.filter(c -> c.getReason().equals("DeploymentPaused")).isPresent();
    if (paused && !notedPause) {
      conditions.set(PROGRESSING, "Unknown", "DeploymentPaused", "Deployment is paused");
    } else if (!paused && notedPause) {
      conditions.set(PROGRESSING, "Unknown", "DeploymentResumed", "Deployment is resumed");
    }
  }
}
