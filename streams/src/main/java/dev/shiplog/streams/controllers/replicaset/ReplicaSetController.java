package dev.shiplog.streams.controllers.replicaset;

import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;

import dev.shiplog.streams.controllers.pod.Claims;
import dev.shiplog.streams.controllers.pod.PodKeys;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Keeps as many pods of a template as a ReplicaSet asks for. */
public final class ReplicaSetController implements Controller {

  static final Index<Pod> ORPHANS = Claims.orphans(PODS);

  @Override
  public String name() {
    return "replicaset-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(REPLICA_SETS),
        PodKeys.controlledOrMatching(REPLICA_SETS, set -> set.getSpec().getSelector()));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(ORPHANS);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(REPLICA_SETS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return reconcile(key, List.of(), views, now);
  }

  @Override
  public Reconciliation reconcile(
      String key, List<RefusedCommand> refused, Views views, Instant now) {
    return views
        .of(REPLICA_SETS)
        .get(key)
        .map(set -> new ReplicaStep<>(ReplicaKind.REPLICA_SET, set, views, now).reconcile(refused))
        .orElse(Reconciliation.nothing());
  }
}
