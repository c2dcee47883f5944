package dev.shiplog.streams.controllers.replicaset;

import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a ReplicaSet says about its pods. */
final class ReplicaSetStatuses {

  private static final String REPLICA_FAILURE = "ReplicaFailure";

  private final ReplicaSet set;
  private final Instant now;
  private final int minReadySeconds;

  ReplicaSetStatuses(ReplicaSet set, Instant now) {
    this.set = set;
    this.now = now;
    Integer seconds = set.getSpec().getMinReadySeconds();
    this.minReadySeconds = seconds == null ? 0 : seconds;
  }

  /**
   * The ReplicaSet with the status it should have.
   *
   * @param owned all its pods, those that end or have ended too
   * @param active those of them that count
   */
  ReplicaSet of(Collection<Pod> owned, Collection<Pod> active, List<RefusedCommand> refused) {
    ReplicaSetStatus status =
        new ReplicaSetStatusBuilder()
            .withObservedGeneration(set.getMetadata().getGeneration())
            .withReplicas(active.size())
            .withFullyLabeledReplicas(count(active, this::isFullyLabeled))
            .withReadyReplicas(count(active, PodStates::isReady))
            .withAvailableReplicas(
                count(active, pod -> PodStates.isAvailable(pod, minReadySeconds, now)))
            .withTerminatingReplicas((int) owned.stream().filter(PodStates::isEnding).count())
            .withConditions(conditions(active, refused))
            .build();
    return new ReplicaSetBuilder(set).withStatus(status).build();
  }

  /** Null where there are none, as Kubernetes leaves zeros out. */
  private static Integer count(Collection<Pod> pods, Predicate<Pod> counts) {
    int count = (int) pods.stream().filter(counts).count();
    return count == 0 ? null : count;
  }

  private boolean isFullyLabeled(Pod pod) {
    if (set.getSpec().getTemplate().getMetadata() == null) {
      return true;
    }
    LabelSelector labels =
        new LabelSelectorBuilder()
            .withMatchLabels(set.getSpec().getTemplate().getMetadata().getLabels())
            .build();
    return Selectors.matching(labels).test(pod);
  }

  private List<ReplicaSetCondition> conditions(
      Collection<Pod> active, List<RefusedCommand> refused) {
    List<ReplicaSetCondition> conditions = new ArrayList<>(existing());
    Optional<ReplicaSetCondition> failure =
        conditions.stream().filter(c -> c.getType().equals(REPLICA_FAILURE)).findFirst();
    Optional<RefusedCommand> refusedPod =
        refused.stream().filter(command -> command.command().type().equals(PODS)).findFirst();
    if (active.size() == ReplicaKind.wanted(set)) {
      failure.ifPresent(conditions::remove);
    } else if (refusedPod.isPresent() && failure.isEmpty()) {
      conditions.add(failure(refusedPod.get()));
    }
    return conditions;
  }

  private List<ReplicaSetCondition> existing() {
    return set.getStatus() == null ? List.of() : set.getStatus().getConditions();
  }

  private ReplicaSetCondition failure(RefusedCommand refused) {
    boolean create = refused.command().verb() == Verb.CREATE;
    return new ReplicaSetConditionBuilder()
        .withType(REPLICA_FAILURE)
        .withStatus("True")
        .withReason(create ? "FailedCreate" : "FailedDelete")
        .withMessage(refused.message())
        .withLastTransitionTime(now.truncatedTo(ChronoUnit.SECONDS).toString())
        .build();
  }

  /** How long until the next pod counts as available. */
  Optional<Duration> nextAvailability(Collection<Pod> active) {
    return active.stream()
        .flatMap(pod -> PodStates.availableIn(pod, minReadySeconds, now).stream())
        .min(Duration::compareTo);
  }
}
