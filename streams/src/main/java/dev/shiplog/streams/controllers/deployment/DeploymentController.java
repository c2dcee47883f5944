package dev.shiplog.streams.controllers.deployment;

import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;

import dev.shiplog.streams.controllers.pod.Claims;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Leads a Deployment from one template to the next by the sizes of its ReplicaSets: rolling or
 * recreating, with a history to roll back to.
 */
public final class DeploymentController implements Controller {

  private static final Index<ReplicaSet> ORPHANS = Claims.orphans(REPLICA_SETS);

  @Override
  public String name() {
    return "deployment-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(DEPLOYMENTS),
        Source.mapped(REPLICA_SETS, DeploymentController::ofReplicaSet),
        Source.mapped(PODS, DeploymentController::ofEndedPod));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(ORPHANS);
  }

  private static Collection<String> ofReplicaSet(ObjectChange<ReplicaSet> change, Views views) {
    if (Owners.controllerOf(change.latest()).isEmpty()) {
      String namespace = change.latest().getMetadata().getNamespace();
      return views.of(DEPLOYMENTS).inNamespace(namespace).stream()
          .filter(d -> Selectors.matching(d.getSpec().getSelector()).test(change.latest()))
          .map(ObjectKeys::keyOf)
          .toList();
    }
    return Source.controlled(REPLICA_SETS, DEPLOYMENTS).keys().keys(change, views);
  }

  /** Recreate waits for old pods to end; nothing else about a pod concerns a Deployment. */
  private static Collection<String> ofEndedPod(ObjectChange<Pod> change, Views views) {
    if (change.after() != null && !PodStates.isFinished(change.after())) {
      return List.of();
    }
    return Owners.controllerOf(change.latest())
        .flatMap(set -> views.of(REPLICA_SETS).byUid(set.getUid()))
        .flatMap(Owners::controllerOf)
        .flatMap(deployment -> views.of(DEPLOYMENTS).byUid(deployment.getUid()))
        .filter(deployment -> Strategy.of(deployment).recreate())
        .map(deployment -> List.of(ObjectKeys.keyOf(deployment)))
        .orElse(List.of());
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(DEPLOYMENTS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(DEPLOYMENTS)
        .get(key)
        .map(deployment -> reconcile(deployment, views, now))
        .orElse(Reconciliation.nothing());
  }

  private static Reconciliation reconcile(Deployment deployment, Views views, Instant now) {
    Reconciliation.Builder result = Reconciliation.builder();
    if (Selectors.isEmpty(deployment.getSpec().getSelector())) {
      return result
          .event(
              EventRequest.warning(
                  DEPLOYMENTS,
                  deployment,
                  "SelectingAll",
                  "This deployment is selecting all pods. A non-empty selector is required."))
          .build();
    }
    Claims<ReplicaSet> claims =
        Claims.of(
            DEPLOYMENTS,
            deployment,
            views.of(REPLICA_SETS),
            ORPHANS,
            Selectors.matching(deployment.getSpec().getSelector()));
    if (!claims.commands().isEmpty()) {
      return Reconciliation.of(claims.commands()); // first know what is ours
    }
    return new Rollout(deployment, claims.owned(), views, now, result).reconcile();
  }
}
