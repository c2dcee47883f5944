package dev.shiplog.streams.controllers.daemonset;

import static dev.shiplog.streams.kit.ResourceTypes.CONTROLLER_REVISIONS;
import static dev.shiplog.streams.kit.ResourceTypes.DAEMON_SETS;
import static dev.shiplog.streams.kit.ResourceTypes.NODES;

import dev.shiplog.streams.controllers.history.RevisionHistory;
import dev.shiplog.streams.controllers.workload.PodOwnerController;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Keeps a pod on every node that a DaemonSet is for. */
public final class DaemonSetController extends PodOwnerController<DaemonSet> {

  public DaemonSetController() {
    super(DAEMON_SETS, set -> set.getSpec().getSelector(), "daemon set");
  }

  @Override
  public String name() {
    return "daemonset-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:daemon-set-controller";
  }

  @Override
  protected List<Source<?>> furtherSources() {
    return List.of(
        Source.controlled(CONTROLLER_REVISIONS, DAEMON_SETS),
        Source.mapped(NODES, DaemonSetController::allIfPlacesChange));
  }

  @Override
  public List<Index<?>> indexes() {
    return Stream.concat(super.indexes().stream(), Stream.of(RevisionHistory.ORPHANS)).toList();
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
  protected Reconciliation decide(
      DaemonSet set, List<RefusedCommand> refused, Views views, Instant now) {
    return new DaemonSetStep(set, views, now).reconcile(refused);
  }
}
