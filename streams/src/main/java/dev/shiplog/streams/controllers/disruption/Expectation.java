package dev.shiplog.streams.controllers.disruption;

import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICATION_CONTROLLERS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;
import static dev.shiplog.streams.kit.ResourceTypes.STATEFUL_SETS;

import dev.shiplog.streams.controllers.pod.Shares;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a budget's pods should be like.
 *
 * @param pods how many there should be
 * @param healthy how many of them must be healthy
 * @param failure why that cannot be known; then nothing may be disrupted
 */
record Expectation(int pods, int healthy, Optional<String> failure) {

  /** The replicas that an owner asks for. */
  private record Scale(String uid, int replicas) {}

  static Expectation of(PodDisruptionBudget budget, Collection<Pod> pods, Views views) {
    IntOrString least = budget.getSpec().getMinAvailable();
    IntOrString most = budget.getSpec().getMaxUnavailable();
    if (least != null && least.getIntVal() != null) {
      return new Expectation(pods.size(), least.getIntVal(), Optional.empty());
    }
    Map<String, Integer> scales = new LinkedHashMap<>();
    for (Pod pod : pods) {
      Optional<OwnerReference> owner = Owners.controllerOf(pod);
      if (owner.isEmpty()) {
        continue; // nobody says how many of its kind there should be
      }
      Optional<Scale> scale = scale(owner.get(), views);
      if (scale.isEmpty()) {
        String text = owner.get().getKind() + " " + owner.get().getName();
        return new Expectation(
            0, 0, Optional.of(text + " does not implement the scale subresource"));
      }
      scales.put(scale.get().uid(), scale.get().replicas());
    }
    int expected = scales.values().stream().mapToInt(Integer::intValue).sum();
    int healthy =
        most != null
            ? Math.max(0, expected - Shares.up(most, expected, 0))
            : Shares.up(least, expected, expected);
    return new Expectation(expected, healthy, Optional.empty());
  }

  private static Optional<Scale> scale(OwnerReference owner, Views views) {
    String uid = owner.getUid();
    return switch (owner.getKind()) {
      case "ReplicaSet" -> views.of(REPLICA_SETS).byUid(uid).map(set -> scale(set, views));
      case "StatefulSet" ->
          views
              .of(STATEFUL_SETS)
              .byUid(uid)
              .map(set -> new Scale(uid, orOne(set.getSpec().getReplicas())));
      case "ReplicationController" ->
          views
              .of(REPLICATION_CONTROLLERS)
              .byUid(uid)
              .map(one -> new Scale(uid, orOne(one.getSpec().getReplicas())));
      default -> Optional.empty();
    };
  }

  private static Scale scale(ReplicaSet set, Views views) {
    Optional<Deployment> deployment =
        Owners.controllerOf(set).flatMap(owner -> views.of(DEPLOYMENTS).byUid(owner.getUid()));
    return deployment
        .map(one -> new Scale(one.getMetadata().getUid(), orOne(one.getSpec().getReplicas())))
        .orElseGet(() -> new Scale(set.getMetadata().getUid(), orOne(set.getSpec().getReplicas())));
  }

  private static int orOne(Integer replicas) {
    return replicas == null ? 1 : replicas;
  }
}
