package dev.shiplog.streams.controllers.statefulset;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.STATEFUL_SETS;

import dev.shiplog.streams.controllers.history.RevisionHistory;
import dev.shiplog.streams.controllers.pod.Claims;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.controllers.pod.Shares;
import dev.shiplog.streams.controllers.workload.PodOwnerController;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateStatefulSetStrategy;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** One look at one StatefulSet. */
final class StatefulSetStep {

  private final StatefulSet set;
  private final Views views;
  private final Instant now;
  private final RevisionHistory history;
  private final MemberClaims claims;
  private final boolean ordered;
  private final Reconciliation.Builder result = Reconciliation.builder();
  private Members members;

  StatefulSetStep(StatefulSet set, Views views, Instant now) {
    this.set = set;
    this.views = views;
    this.now = now;
    this.history =
        new RevisionHistory(
            STATEFUL_SETS, set, set.getSpec().getTemplate(), set.getSpec().getSelector(), views);
    this.claims = new MemberClaims(set, views);
    this.ordered = !"Parallel".equals(set.getSpec().getPodManagementPolicy());
  }

  Reconciliation reconcile(List<RefusedCommand> refused) {
    Claims<Pod> owned =
        Claims.of(STATEFUL_SETS, set, views.of(PODS), PodOwnerController.ORPHANS, this::isMember);
    if (!owned.commands().isEmpty()) {
      return Reconciliation.of(owned.commands()); // first know what is ours
    }
    if (!history.claims().isEmpty()) {
      return Reconciliation.of(history.claims());
    }
    Optional<ControllerRevision> update = history.wanted();
    boolean staying = set.getMetadata().getDeletionTimestamp() == null;
    if (update.isEmpty()) {
      if (staying) {
        addRevision();
      }
      return result.build();
    }
    history.promotion().ifPresent(result::command);
    refused.forEach(this::tellRefusal);
    members = new Members(set, owned.owned(), now);
    if (staying) {
      settleClaims();
      keep(update.get());
      history
          .cleanUp(set.getSpec().getRevisionHistoryLimit(), revisionsInUse())
          .forEach(result::command);
    }
    new StatefulSetStatuses(set, members, now).report(update.get().getMetadata().getName(), result);
    return result.build();
  }

  private boolean isMember(HasMetadata pod) {
    Predicate<HasMetadata> selected = Selectors.matching(set.getSpec().getSelector());
    return selected.test(pod) && Members.ordinalOf(set, pod.getMetadata().getName()).isPresent();
  }

  private void addRevision() {
    Integer counted = set.getStatus() == null ? null : set.getStatus().getCollisionCount();
    int collisions = counted == null ? 0 : counted;
    history
        .creation(collisions)
        .or(() ->
            Commands.changeStatus(
                STATEFUL_SETS,
                set,
                new StatefulSetBuilder(set)
                    .editOrNewStatus()
                    .withCollisionCount(collisions + 1)
                    .endStatus()
                    .build()))
        .ifPresent(result::command);
  }

  private List<String> revisionsInUse() {
    List<String> inUse =
        new ArrayList<>(
            members.all().stream()
                .map(pod -> pod.getMetadata().getLabels().get(RevisionHistory.HASH_LABEL))
                .filter(revision -> revision != null)
                .distinct()
                .toList());
    currentRevision().ifPresent(inUse::add);
    return inUse;
  }

  private Optional<String> currentRevision() {
    return Optional.ofNullable(set.getStatus())
        .map(status -> status.getCurrentRevision())
        .filter(name -> !name.isEmpty());
  }

  private void settleClaims() {
    members
        .ordinals()
        .forEach(ordinal ->
            members
                .at(ordinal)
                .ifPresent(
                    pod -> claims.settleOwners(pod, ordinal, false).forEach(result::command)));
    members
        .condemned()
        .forEach(
            (ordinal, pod) -> claims.settleOwners(pod, ordinal, true).forEach(result::command));
  }

  /** Each stage waits for the one before, if the pods are ordered; else each does what it can. */
  private void keep(ControllerRevision update) {
    for (int ordinal : members.ordinals()) {
      boolean settled = keepMember(ordinal, update);
      if (!settled && ordered) {
        return;
      }
    }
    if (!dismissCondemned()) {
      return;
    }
    update(update.getMetadata().getName());
  }

  /** Returns whether the next one may have its turn. */
  private boolean keepMember(int ordinal, ControllerRevision update) {
    Optional<Pod> there = members.at(ordinal);
    if (there.isEmpty()) {
      create(ordinal, update);
      return false;
    }
    Pod pod = there.get();
    if (PodStates.isFinished(pod) && !PodStates.isTerminating(pod)) {
      boolean failed = PodStates.phase(pod).equals("Failed");
      result.event(
          EventRequest.warning(
              STATEFUL_SETS,
              set,
              failed ? "RecreatingFailedPod" : "RecreatingTerminatedPod",
              String.format(
                  "StatefulSet %s/%s is recreating %s Pod %s",
                  set.getMetadata().getNamespace(),
                  set.getMetadata().getName(),
                  failed ? "failed" : "terminated",
                  pod.getMetadata().getName())));
      delete(pod);
      return false;
    }
    if (!PodStates.isTerminating(pod)) {
      claims.missing(ordinal).forEach(claim -> create(claim, pod.getMetadata().getName()));
    }
    return members.isHealthy(pod);
  }

  private void create(int ordinal, ControllerRevision update) {
    String name = members.nameAt(ordinal);
    if (claims.mustGoFirst(ordinal)) {
      return;
    }
    if (views.of(PODS).get(set.getMetadata().getNamespace(), name).isPresent()) {
      result.event(
          EventRequest.warning(
              STATEFUL_SETS, set, "FailedCreate", "Pod " + name + " belongs to somebody else"));
      return;
    }
    claims.missing(ordinal).forEach(claim -> create(claim, name));
    ControllerRevision revision = revisionFor(ordinal).orElse(update);
    result.command(
        Commands.create(
            PODS,
            MemberPods.pod(
                set,
                RevisionHistory.templateOf(revision),
                revision.getMetadata().getName(),
                name,
                ordinal)),
        event(
            "SuccessfulCreate",
            "create Pod "
                + name
                + " in StatefulSet "
                + set.getMetadata().getName()
                + " successful"));
  }

  /** Below the partition the current revision stays; empty if the new one is due. */
  private Optional<ControllerRevision> revisionFor(int ordinal) {
    return isRolling() && ordinal < members.first() + partition()
        ? currentRevision().flatMap(history::named)
        : Optional.empty();
  }

  private void create(PersistentVolumeClaim claim, String pod) {
    result.command(
        Commands.create(PERSISTENT_VOLUME_CLAIMS, claim),
        event(
            "SuccessfulCreate",
            String.format(
                "create Claim %s Pod %s in StatefulSet %s success",
                claim.getMetadata().getName(), pod, set.getMetadata().getName())));
  }

  /** Returns whether an update may go on. */
  private boolean dismissCondemned() {
    Optional<Pod> unhealthy = members.firstUnhealthy();
    for (Map.Entry<Integer, Pod> condemned : members.condemned().entrySet()) {
      Pod pod = condemned.getValue();
      if (ordered && !members.isHealthy(pod) && !pod.equals(unhealthy.orElse(null))) {
        return false;
      }
      if (!PodStates.isTerminating(pod)) {
        delete(pod);
      }
      if (ordered) {
        return false;
      }
    }
    return true;
  }

  private boolean isRolling() {
    return set.getSpec().getUpdateStrategy() == null
        || !"OnDelete".equals(set.getSpec().getUpdateStrategy().getType());
  }

  private Optional<RollingUpdateStatefulSetStrategy> rolling() {
    return Optional.ofNullable(set.getSpec().getUpdateStrategy())
        .map(strategy -> strategy.getRollingUpdate());
  }

  private int partition() {
    return rolling().map(RollingUpdateStatefulSetStrategy::getPartition).orElse(0);
  }

  private int maxUnavailable() {
    return rolling()
        .map(RollingUpdateStatefulSetStrategy::getMaxUnavailable)
        .map(value -> Math.max(1, Shares.up(value, members.wanted(), 1)))
        .orElse(1);
  }

  /** Gives up old pods from the highest ordinal down; they come back with the new template. */
  private void update(String revision) {
    if (!isRolling()) {
      return;
    }
    int most = maxUnavailable();
    int unavailable =
        (int)
            members.ordinals().stream()
                .filter(ordinal -> members.at(ordinal).filter(members::isHealthy).isEmpty())
                .count();
    for (int ordinal : members.ordinals().reversed()) {
      if (ordinal < members.first() + partition()) {
        return;
      }
      Optional<Pod> pod = members.at(ordinal).filter(one -> !PodStates.isTerminating(one));
      if (pod.isPresent() && !Members.hasRevision(pod.get(), revision)) {
        boolean useful = members.isHealthy(pod.get());
        if (useful && unavailable >= most) {
          return;
        }
        unavailable += useful ? 1 : 0;
        delete(pod.get());
      } else if (unavailable >= most && pod.filter(members::isHealthy).isEmpty()) {
        return; // its successor has to work first
      }
    }
  }

  private void delete(Pod pod) {
    result.command(
        Commands.delete(PODS, pod),
        event(
            "SuccessfulDelete",
            String.format(
                "delete Pod %s in StatefulSet %s successful",
                pod.getMetadata().getName(), set.getMetadata().getName())));
  }

  private EventRequest event(String reason, String message) {
    return EventRequest.normal(STATEFUL_SETS, set, reason, message);
  }

  private void tellRefusal(RefusedCommand refused) {
    boolean create = refused.command().verb() == Verb.CREATE;
    result.event(
        EventRequest.warning(
            STATEFUL_SETS,
            set,
            create ? "FailedCreate" : "FailedDelete",
            String.format(
                "%s %s %s in StatefulSet %s failed error: %s",
                create ? "create" : "delete",
                refused.command().type().kind(),
                refused.command().target().name(),
                set.getMetadata().getName(),
                refused.message())));
  }
}
