package dev.shiplog.streams.controllers.replicaset;

import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;

import dev.shiplog.streams.controllers.workload.PodOwnerController;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Instant;
import java.util.List;

/** Keeps as many pods of a template as a ReplicaSet asks for. */
public final class ReplicaSetController extends PodOwnerController<ReplicaSet> {

  public ReplicaSetController() {
    super(REPLICA_SETS, set -> set.getSpec().getSelector(), "replica set");
  }

  @Override
  public String name() {
    return "replicaset-controller";
  }

  @Override
  protected Reconciliation decide(
      ReplicaSet set, List<RefusedCommand> refused, Views views, Instant now) {
    return new ReplicaStep<>(ReplicaKind.REPLICA_SET, set, views, now).reconcile(refused);
  }
}
