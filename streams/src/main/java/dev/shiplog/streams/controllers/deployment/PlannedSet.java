package dev.shiplog.streams.controllers.deployment;

import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.KubernetesJson;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** A ReplicaSet as it is, and as the Deployment wants it after this look. */
final class PlannedSet {

  private final ReplicaSet seen;
  private final boolean create;
  private final Map<String, String> annotations;
  private int replicas;
  private Integer minReadySeconds;

  private PlannedSet(ReplicaSet seen, boolean create) {
    this.seen = seen;
    this.create = create;
    this.annotations = new TreeMap<>(Annotations.of(seen));
    this.replicas = seen.getSpec().getReplicas() == null ? 1 : seen.getSpec().getReplicas();
    this.minReadySeconds = seen.getSpec().getMinReadySeconds();
  }

  static PlannedSet existing(ReplicaSet set) {
    return new PlannedSet(set, false);
  }

  static PlannedSet toCreate(ReplicaSet set) {
    return new PlannedSet(set, true);
  }

  ReplicaSet seen() {
    return seen;
  }

  String name() {
    return seen.getMetadata().getName();
  }

  boolean isToBeCreated() {
    return create;
  }

  int replicas() {
    return replicas;
  }

  boolean isActive() {
    return replicas > 0;
  }

  /** Pods there are, by the set's own account. */
  int currentReplicas() {
    return seen.getStatus() == null ? 0 : orZero(seen.getStatus().getReplicas());
  }

  /**
   * The set's controller has seen its size and all pods it had asked for before, so that its status
   * counts them.
   */
  boolean isObserved() {
    Long observed = seen.getStatus() == null ? null : seen.getStatus().getObservedGeneration();
    return observed != null && observed >= seen.getMetadata().getGeneration();
  }

  /** Pods there may be at most: those wanted, and those given up that are still there. */
  int possibleReplicas() {
    return Math.max(replicas, currentReplicas());
  }

  int readyReplicas() {
    return seen.getStatus() == null ? 0 : orZero(seen.getStatus().getReadyReplicas());
  }

  /** Null if it does not tell. */
  Integer terminatingReplicas() {
    return seen.getStatus() == null ? null : seen.getStatus().getTerminatingReplicas();
  }

  int availableReplicas() {
    return seen.getStatus() == null ? 0 : orZero(seen.getStatus().getAvailableReplicas());
  }

  /** Those that will be left of the available ones when the set has the size it is to have. */
  int lastingAvailable() {
    return Math.min(replicas, availableReplicas());
  }

  private static int orZero(Integer number) {
    return number == null ? 0 : number;
  }

  Map<String, String> annotations() {
    return annotations;
  }

  void minReadySeconds(Integer seconds) {
    if (orZero(seconds) != orZero(minReadySeconds)) {
      minReadySeconds = orZero(seconds);
    }
  }

  /** Sets the size, and notes for the next scaling what it was a part of. */
  void scaleTo(int size, Strategy strategy) {
    replicas = size;
    noteSizes(strategy);
  }

  void noteSizes(Strategy strategy) {
    annotations.put(Annotations.DESIRED_REPLICAS, Integer.toString(strategy.replicas()));
    annotations.put(
        Annotations.MAX_REPLICAS, Integer.toString(strategy.replicas() + strategy.maxSurge()));
  }

  /** What makes it so; empty if it is so. */
  Optional<CommandRequest> command() {
    ReplicaSet wanted =
        new ReplicaSetBuilder(seen)
            .editMetadata()
            .withAnnotations(annotations)
            .endMetadata()
            .editSpec()
            .withReplicas(replicas)
            .withMinReadySeconds(minReadySeconds)
            .endSpec()
            .build();
    return create
        ? Optional.of(Commands.create(REPLICA_SETS, wanted))
        : patch().map(patch -> Commands.patch(REPLICA_SETS, seen, patch));
  }

  private Optional<ObjectNode> patch() {
    ObjectNode patch = KubernetesJson.object();
    annotations.forEach((name, value) -> {
      if (!value.equals(Annotations.of(seen).get(name))) {
        patch.withObject("/metadata").withObject("/annotations").put(name, value);
      }
    });
    if (!Objects.equals(seen.getSpec().getReplicas(), replicas)) {
      patch.withObject("/spec").put("replicas", replicas);
    }
    if (!Objects.equals(seen.getSpec().getMinReadySeconds(), minReadySeconds)) {
      patch.withObject("/spec").put("minReadySeconds", minReadySeconds);
    }
    return patch.isEmpty() ? Optional.empty() : Optional.of(patch);
  }
}
