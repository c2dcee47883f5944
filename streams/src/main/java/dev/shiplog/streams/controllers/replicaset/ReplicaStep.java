package dev.shiplog.streams.controllers.replicaset;

import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.Claims;
import dev.shiplog.streams.controllers.pod.DeletionRanking;
import dev.shiplog.streams.controllers.pod.FreeNames;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.controllers.pod.PodTemplates;
import dev.shiplog.streams.controllers.workload.PodOwnerController;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.ResourceView;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** One look at one ReplicaSet or ReplicationController. */
final class ReplicaStep<T extends HasMetadata> {

  /** So many pods at most are created or deleted at a time. */
  private static final int BURST = 500;

  /** So many at first, so that a template that is refused is not refused a thousand times. */
  private static final int FIRST_BATCH = 100;

  private final ReplicaKind<T> kind;
  private final T seen;
  private final ReplicaSet set;
  private final ResourceView<Pod> pods;
  private final Views views;
  private final Instant now;
  private final Reconciliation.Builder result = Reconciliation.builder();

  ReplicaStep(ReplicaKind<T> kind, T seen, Views views, Instant now) {
    this.kind = kind;
    this.seen = seen;
    this.set = kind.asSet(seen);
    this.pods = views.of(PODS);
    this.views = views;
    this.now = now;
  }

  Reconciliation reconcile(List<RefusedCommand> refused) {
    Claims<Pod> claims =
        Claims.of(
            kind.type(),
            set,
            pods,
            PodOwnerController.ORPHANS,
            Selectors.matching(set.getSpec().getSelector()));
    claims.commands().forEach(result::command);
    List<Pod> active = claims.owned().stream().filter(PodStates::isActive).toList();
    // With an adoption under way the number is not known yet.
    if (set.getMetadata().getDeletionTimestamp() == null && claims.commands().isEmpty()) {
      scale(active);
    }
    refused.forEach(this::tellRefusal);
    ReplicaSetStatuses statuses = new ReplicaSetStatuses(set, now);
    T reported = kind.withStatus(seen, statuses.of(claims.owned(), active, refused).getStatus());
    Commands.changeStatus(kind.type(), seen, reported).ifPresent(result::command);
    statuses.nextAvailability(active).ifPresent(result::requeueAfter);
    return result.build();
  }

  private void scale(List<Pod> active) {
    int missing = ReplicaKind.wanted(set) - active.size();
    if (missing > 0) {
      create(Math.min(missing, Math.min(BURST, Math.max(FIRST_BATCH, active.size()))));
    } else if (missing < 0) {
      delete(active, Math.min(-missing, BURST));
    }
  }

  private void create(int count) {
    FreeNames names = new FreeNames(pods, set);
    for (int left = count; left > 0; left--) {
      String name = names.next();
      Pod pod = PodTemplates.pod(set.getSpec().getTemplate(), kind.type(), set, name);
      result.command(Commands.create(PODS, pod), event("SuccessfulCreate", "Created pod: " + name));
    }
  }

  private void delete(List<Pod> active, int count) {
    for (Pod pod : DeletionRanking.choose(active, related(), count, now)) {
      result.command(
          Commands.delete(PODS, pod),
          event("SuccessfulDelete", "Deleted pod: " + pod.getMetadata().getName()));
    }
  }

  /** Active pods of all ReplicaSets with the same controller: those share the work. */
  private List<Pod> related() {
    Optional<String> owner = Owners.controllerOf(set).map(OwnerReference::getUid);
    Collection<? extends HasMetadata> siblings =
        owner.isPresent() ? views.of(kind.type()).controlledBy(owner.get()) : List.of(set);
    return siblings.stream()
        .flatMap(sibling -> pods.controlledBy(sibling.getMetadata().getUid()).stream())
        .filter(PodStates::isActive)
        .toList();
  }

  private EventRequest event(String reason, String message) {
    return EventRequest.normal(kind.type(), seen, reason, message);
  }

  private void tellRefusal(RefusedCommand refused) {
    if (refused.command().type().equals(PODS)) {
      boolean create = refused.command().verb() == Verb.CREATE;
      result.event(
          EventRequest.warning(
              kind.type(),
              seen,
              create ? "FailedCreate" : "FailedDelete",
              (create ? "Error creating: " : "Error deleting: ") + refused.message()));
    }
  }
}
