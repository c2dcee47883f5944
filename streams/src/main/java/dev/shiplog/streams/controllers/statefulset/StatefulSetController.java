package dev.shiplog.streams.controllers.statefulset;

import static dev.shiplog.streams.kit.ResourceTypes.CONTROLLER_REVISIONS;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.STATEFUL_SETS;

import dev.shiplog.streams.controllers.history.RevisionHistory;
import dev.shiplog.streams.controllers.workload.PodOwnerController;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

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

  @Override
  public List<Index<?>> indexes() {
    return Stream.concat(super.indexes().stream(), Stream.of(RevisionHistory.ORPHANS)).toList();
  }

  /** The name of a pod that is gone may be one that a set has waited for. */
  @Override
  protected Source<Pod> pods() {
    Source<Pod> usual = super.pods();
    return Source.mapped(
        PODS,
        (change, views) ->
            change.after() == null
                ? Stream.concat(usual.keys().keys(change, views).stream(), named(change, views))
                    .distinct()
                    .toList()
                : usual.keys().keys(change, views));
  }

  private static Stream<String> named(ObjectChange<Pod> change, Views views) {
    String key = change.key();
    int dash = key.lastIndexOf('-');
    return dash < 0
        ? Stream.of()
        : views.of(STATEFUL_SETS).get(key.substring(0, dash)).map(ObjectKeys::keyOf).stream();
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
