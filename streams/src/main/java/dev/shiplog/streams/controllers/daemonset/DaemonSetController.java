package dev.shiplog.streams.controllers.daemonset;

import static dev.shiplog.streams.kit.ResourceTypes.CONTROLLER_REVISIONS;
import static dev.shiplog.streams.kit.ResourceTypes.DAEMON_SETS;
import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;

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
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Keeps a pod on every node that a DaemonSet is for. */
public final class DaemonSetController implements Controller {

  static final Index<Pod> ORPHANS = Claims.orphans(PODS);

  @Override
  public String name() {
    return "daemonset-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:daemon-set-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(DAEMON_SETS),
        PodKeys.controlledOrMatching(DAEMON_SETS, set -> set.getSpec().getSelector()),
        Source.controlled(CONTROLLER_REVISIONS, DAEMON_SETS),
        Source.mapped(NODES, DaemonSetController::allIfPlacesChange));
  }

  /** A node says every few seconds that it lives; that changes no place. */
  private static Collection<String> allIfPlacesChange(ObjectChange<Node> change, Views views) {
    boolean same =
        change.before() != null
            && change.after() != null
            && Objects.equals(change.before().getSpec(), change.after().getSpec())
            && Objects.equals(
                change.before().getMetadata().getLabels(),
                change.after().getMetadata().getLabels());
    return same ? List.of() : views.of(DAEMON_SETS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(ORPHANS);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(DAEMON_SETS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return reconcile(key, List.of(), views, now);
  }

  @Override
  public Reconciliation reconcile(
      String key, List<RefusedCommand> refused, Views views, Instant now) {
    return views
        .of(DAEMON_SETS)
        .get(key)
        .map(set -> reconcile(set, refused, views, now))
        .orElse(Reconciliation.nothing());
  }

  private static Reconciliation reconcile(
      DaemonSet set, List<RefusedCommand> refused, Views views, Instant now) {
    if (Selectors.isEmpty(set.getSpec().getSelector())) {
      return Reconciliation.builder()
          .event(
              EventRequest.warning(
                  DAEMON_SETS,
                  set,
                  "SelectingAll",
                  "This daemon set is selecting all pods. A non-empty selector is required."))
          .build();
    }
    return new DaemonSetStep(set, views, now).reconcile(refused);
  }
}
