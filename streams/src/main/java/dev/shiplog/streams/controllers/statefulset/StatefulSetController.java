package dev.shiplog.streams.controllers.statefulset;

import static dev.shiplog.streams.kit.ResourceTypes.CONTROLLER_REVISIONS;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.STATEFUL_SETS;

import dev.shiplog.streams.controllers.pod.Claims;
import dev.shiplog.streams.controllers.pod.PodKeys;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Keeps numbered pods, each with a name and claims of its own. */
public final class StatefulSetController implements Controller {

  static final Index<Pod> ORPHANS = Claims.orphans(PODS);

  @Override
  public String name() {
    return "statefulset-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(STATEFUL_SETS),
        PodKeys.controlledOrMatching(STATEFUL_SETS, set -> set.getSpec().getSelector()),
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
  public List<Index<?>> indexes() {
    return List.of(ORPHANS);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(STATEFUL_SETS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return reconcile(key, List.of(), views, now);
  }

  @Override
  public Reconciliation reconcile(
      String key, List<RefusedCommand> refused, Views views, Instant now) {
    return views
        .of(STATEFUL_SETS)
        .get(key)
        .map(set -> reconcile(set, refused, views, now))
        .orElse(Reconciliation.nothing());
  }

  private static Reconciliation reconcile(
      StatefulSet set, List<RefusedCommand> refused, Views views, Instant now) {
    if (Selectors.isEmpty(set.getSpec().getSelector())) {
      return Reconciliation.builder()
          .event(
              EventRequest.warning(
                  STATEFUL_SETS,
                  set,
                  "SelectingAll",
                  "This stateful set is selecting all pods. A non-empty selector is required."))
          .build();
    }
    return new StatefulSetStep(set, views, now).reconcile(refused);
  }
}
