package dev.shiplog.streams.controllers.replicaset;

import static dev.shiplog.streams.kit.ResourceTypes.REPLICATION_CONTROLLERS;

import dev.shiplog.streams.controllers.workload.PodOwnerController;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.ReplicationController;
import java.time.Instant;
import java.util.List;

/** Keeps as many pods of a template as a ReplicationController asks for. */
public final class ReplicationControllers extends PodOwnerController<ReplicationController> {

  public ReplicationControllers() {
    super(REPLICATION_CONTROLLERS, ReplicaKind::selectorOf, "replication controller");
  }

  @Override
  public String name() {
    return "replicationcontroller-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:replication-controller";
  }

  @Override
  protected Reconciliation decide(
      ReplicationController one, List<RefusedCommand> refused, Views views, Instant now) {
    return new ReplicaStep<>(ReplicaKind.REPLICATION_CONTROLLER, one, views, now)
        .reconcile(refused);
  }
}
