package dev.shiplog.streams.controllers.replicaset;

import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;

import dev.shiplog.streams.controllers.pod.Claims;
import dev.shiplog.streams.controllers.pod.DeletionRanking;
import dev.shiplog.streams.controllers.pod.NameSuffixes;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.controllers.pod.PodTemplates;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.ResourceView;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Keeps as many pods of a template as a ReplicaSet asks for. */
public final class ReplicaSetController implements Controller {

  private static final Index<Pod> ORPHANS = Claims.orphans(PODS);

  /** So many pods at most are created or deleted at a time. */
  private static final int BURST = 500;

  /** So many at first, so that a template that is refused is not refused a thousand times. */
  private static final int FIRST_BATCH = 100;

  @Override
  public String name() {
    return "replicaset-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(REPLICA_SETS), Source.mapped(PODS, ReplicaSetController::concerned));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(ORPHANS);
  }

  private static Collection<String> concerned(ObjectChange<Pod> change, Views views) {
    if (Owners.controllerOf(change.latest()).isEmpty()) {
      return views
          .of(REPLICA_SETS)
          .inNamespace(change.latest().getMetadata().getNamespace())
          .stream()
          .filter(set -> Selectors.matching(set.getSpec().getSelector()).test(change.latest()))
          .map(ObjectKeys::keyOf)
          .toList();
    }
    return Source.controlled(PODS, REPLICA_SETS).keys().keys(change, views);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(REPLICA_SETS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return reconcile(key, List.of(), views, now);
  }

  @Override
  public Reconciliation reconcile(
      String key, List<RefusedCommand> refused, Views views, Instant now) {
    return views
        .of(REPLICA_SETS)
        .get(key)
        .map(set -> new Attempt(set, views, now).reconcile(refused))
        .orElse(Reconciliation.nothing());
  }

  static int wanted(ReplicaSet set) {
    Integer replicas = set.getSpec().getReplicas();
    return replicas == null ? 1 : replicas;
  }

  /** One look at one ReplicaSet. */
  private static final class Attempt {
    private final ReplicaSet set;
    private final ResourceView<Pod> pods;
    private final Views views;
    private final Instant now;
    private final Reconciliation.Builder result = Reconciliation.builder();

    Attempt(ReplicaSet set, Views views, Instant now) {
      this.set = set;
      this.pods = views.of(PODS);
      this.views = views;
      this.now = now;
    }

    Reconciliation reconcile(List<RefusedCommand> refused) {
      Claims<Pod> claims =
          Claims.of(
              REPLICA_SETS, set, pods, ORPHANS, Selectors.matching(set.getSpec().getSelector()));
      claims.commands().forEach(result::command);
      List<Pod> active = claims.owned().stream().filter(PodStates::isActive).toList();
      // With an adoption under way the number is not known yet.
      if (set.getMetadata().getDeletionTimestamp() == null && claims.commands().isEmpty()) {
        scale(active);
      }
      refused.forEach(this::tellRefusal);
      ReplicaSetStatuses statuses = new ReplicaSetStatuses(set, now);
      Commands.changeStatus(REPLICA_SETS, set, statuses.of(active, refused))
          .ifPresent(result::command);
      statuses.nextAvailability(active).ifPresent(result::requeueAfter);
      return result.build();
    }

    private void scale(List<Pod> active) {
      int missing = wanted(set) - active.size();
      if (missing > 0) {
        create(Math.min(missing, Math.min(BURST, Math.max(FIRST_BATCH, active.size()))));
      } else if (missing < 0) {
        delete(active, Math.min(-missing, BURST));
      }
    }

    private void create(int count) {
      String uid = set.getMetadata().getUid();
      String prefix = set.getMetadata().getName() + "-";
      int left = count;
      for (int ordinal = 0; left > 0; ordinal++) {
        String name = NameSuffixes.name(prefix, uid, ordinal);
        if (isFree(name)) {
          Pod pod = PodTemplates.pod(set.getSpec().getTemplate(), REPLICA_SETS, set, name);
          result.command(Commands.create(PODS, pod));
          tell("SuccessfulCreate", "Created pod: " + name);
          left--;
        }
      }
    }

    private boolean isFree(String name) {
      String key = ObjectKeys.key(set.getMetadata().getNamespace(), name);
      return pods.get(key).isEmpty() && !pods.recentlyDeleted(key);
    }

    private void delete(List<Pod> active, int count) {
      for (Pod pod : DeletionRanking.choose(active, related(), count, now)) {
        result.command(Commands.delete(PODS, pod));
        tell("SuccessfulDelete", "Deleted pod: " + pod.getMetadata().getName());
      }
    }

    /** Active pods of all ReplicaSets with the same controller: those share the work. */
    private List<Pod> related() {
      Optional<String> owner = Owners.controllerOf(set).map(OwnerReference::getUid);
      Collection<ReplicaSet> siblings =
          owner.isPresent() ? views.of(REPLICA_SETS).controlledBy(owner.get()) : List.of(set);
      return siblings.stream()
          .flatMap(sibling -> pods.controlledBy(sibling.getMetadata().getUid()).stream())
          .filter(PodStates::isActive)
          .toList();
    }

    private void tell(String reason, String message) {
      result.event(EventRequest.normal(REPLICA_SETS, set, reason, message));
    }

    private void tellRefusal(RefusedCommand refused) {
      if (refused.command().type().equals(PODS)) {
        boolean create = refused.command().verb() == Verb.CREATE;
        result.event(
            EventRequest.warning(
                REPLICA_SETS,
                set,
                create ? "FailedCreate" : "FailedDelete",
                (create ? "Error creating: " : "Error deleting: ") + refused.message()));
      }
    }
  }
}
