package dev.shiplog.streams.controllers.replicaset;

import static dev.shiplog.streams.kit.ResourceTypes.REPLICATION_CONTROLLERS;

import dev.shiplog.streams.controllers.pod.PodKeys;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Keeps as many pods of a template as a ReplicationController asks for. */
public final class ReplicationControllers implements Controller {

  @Override
  public String name() {
    return "replicationcontroller-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:replication-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(REPLICATION_CONTROLLERS),
        PodKeys.controlledOrMatching(REPLICATION_CONTROLLERS, ReplicaKind::selectorOf));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(ReplicaSetController.ORPHANS);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(REPLICATION_CONTROLLERS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return reconcile(key, List.of(), views, now);
  }

  @Override
  public Reconciliation reconcile(
      String key, List<RefusedCommand> refused, Views views, Instant now) {
    return views
        .of(REPLICATION_CONTROLLERS)
        .get(key)
        .map(one ->
            new ReplicaStep<>(ReplicaKind.REPLICATION_CONTROLLER, one, views, now)
                .reconcile(refused))
        .orElse(Reconciliation.nothing());
  }
}
