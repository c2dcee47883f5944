package dev.shiplog.streams.controllers.statefulset;

import static dev.shiplog.streams.kit.ResourceTypes.CONTROLLER_REVISIONS;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.STATEFUL_SETS;

import dev.shiplog.streams.controllers.workload.PodOwnerController;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Keeps numbered pods, each with a name and claims of its own. */
public final class StatefulSetController extends PodOwnerController<StatefulSet> {

  public StatefulSetController() {
    super(STATEFUL_SETS, set -> set.getSpec().getSelector(), "stateful set");
  }

  @Override
  public String name() {
    return "statefulset-controller";
  }

  @Override
  protected List<Source<?>> furtherSources() {
    return List.of(
        Source.controlled(CONTROLLER_REVISIONS, STATEFUL_SETS),
        Source.mapped(PERSISTENT_VOLUME_CLAIMS, StatefulSetController::ofClaim));
  }

  /** Claims have no owner as a rule; they are known by their names. */
  private static Collection<String> ofClaim(
      ObjectChange<PersistentVolumeClaim> change, Views views) {
    return views.of(STATEFUL_SETS).inNamespace(ObjectKeys.namespaceOf(change.key())).stream()
        .filter(set -> MemberClaims.isOf(set, ObjectKeys.nameOf(change.key())))
        .map(ObjectKeys::keyOf)
        .toList();
  }

  @Override
  protected Reconciliation decide(
      StatefulSet set, List<RefusedCommand> refused, Views views, Instant now) {
    return new StatefulSetStep(set, views, now).reconcile(refused);
  }
}
