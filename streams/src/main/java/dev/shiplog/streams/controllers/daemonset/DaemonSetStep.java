package dev.shiplog.streams.controllers.daemonset;

import static dev.shiplog.streams.kit.ResourceTypes.DAEMON_SETS;
import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.history.RevisionHistory;
import dev.shiplog.streams.controllers.pod.Claims;
import dev.shiplog.streams.controllers.pod.FreeNames;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.controllers.workload.PodOwnerController;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One look at one DaemonSet. */
final class DaemonSetStep {

  /** So many pods at most are created at a time. */
  private static final int BURST = 250;

  /** A daemon that ends at once is not replaced faster than this. */
  private static final Duration REPLACEMENT_PAUSE = Duration.ofSeconds(10);

  private final DaemonSet set;
  private final Views views;
  private final Instant now;
  private final FreeNames names;
  private final Reconciliation.Builder result = Reconciliation.builder();
  private int created;
  private final Set<String> deleted = new HashSet<>();

  DaemonSetStep(DaemonSet set, Views views, Instant now) {
    this.set = set;
    this.views = views;
    this.now = now;
    this.names = new FreeNames(views.of(PODS), set);
  }

  Reconciliation reconcile(List<RefusedCommand> refused) {
    Claims<Pod> claims =
        Claims.of(
            DAEMON_SETS,
            set,
            views.of(PODS),
            PodOwnerController.ORPHANS,
            Selectors.matching(set.getSpec().getSelector()));
    claims.commands().forEach(result::command);
    RevisionHistory history =
        new RevisionHistory(
            DAEMON_SETS, set, set.getSpec().getTemplate(), set.getSpec().getSelector(), views);
    if (!history.claims().isEmpty()) {
      return Reconciliation.of(history.claims());
    }
    Optional<ControllerRevision> wanted = history.wanted();
    if (wanted.isEmpty() && isStaying()) {
      addRevision(history);
      return result.build();
    }
    history.promotion().ifPresent(result::command);
    refused.forEach(this::tellRefusal);
    String hash = wanted.map(RevisionHistory::hashOf).orElse("");
    List<NodeDaemons> places = places(claims.owned(), hash);
    if (isStaying() && claims.commands().isEmpty()) {
      act(places, hash);
      history
          .cleanUp(set.getSpec().getRevisionHistoryLimit(), hashes(claims.owned()))
          .forEach(result::command);
    }
    new DaemonSetStatuses(set, now).report(places, result);
    return result.build();
  }

  private boolean isStaying() {
    return set.getMetadata().getDeletionTimestamp() == null;
  }

  private void addRevision(RevisionHistory history) {
    Integer counted = set.getStatus() == null ? null : set.getStatus().getCollisionCount();
    int collisions = counted == null ? 0 : counted;
    history
        .creation(collisions)
        .or(() ->
            Commands.changeStatus(
                DAEMON_SETS,
                set,
                new DaemonSetBuilder(set)
                    .editOrNewStatus()
                    .withCollisionCount(collisions + 1)
                    .endStatus()
                    .build()))
        .ifPresent(result::command);
  }

  private static List<String> hashes(Collection<Pod> pods) {
    return pods.stream()
        .map(pod -> pod.getMetadata().getLabels())
        .filter(labels -> labels != null && labels.containsKey(RevisionHistory.HASH_LABEL))
        .map(labels -> labels.get(RevisionHistory.HASH_LABEL))
        .distinct()
        .toList();
  }

  private List<NodeDaemons> places(Collection<Pod> owned, String hash) {
    Map<String, List<Pod>> byNode = new HashMap<>();
    for (Pod pod : owned) {
      DaemonPods.nodeOf(pod)
          .ifPresent(node -> byNode.computeIfAbsent(node, n -> new ArrayList<>()).add(pod));
    }
    PodSpec daemon = DaemonPods.spec(set);
    List<NodeDaemons> places = new ArrayList<>();
    for (Node node : views.of(NODES).all()) {
      String name = node.getMetadata().getName();
      List<Pod> there = byNode.getOrDefault(name, List.of());
      places.add(new NodeDaemons(name, NodeFit.of(daemon, node), there, hash));
      byNode.remove(name);
    }
    byNode.values().forEach(this::dropWithoutNode);
    return places;
  }

  /** Made for a node that has gone meanwhile; those bound to one are the pod collector's. */
  private void dropWithoutNode(List<Pod> pods) {
    pods.stream()
        .filter(pod -> !PodStates.isScheduled(pod) && !PodStates.isTerminating(pod))
        .forEach(this::delete);
  }

  private void act(List<NodeDaemons> places, String hash) {
    DaemonStrategy strategy = DaemonStrategy.of(set, places);
    for (NodeDaemons place : places) {
      keepPlace(place, strategy, hash);
    }
    RollingDaemons update = new RollingDaemons(strategy, minReadySeconds(), now);
    update.toDelete(places).forEach(this::delete);
    update.toSurgeOn(places).forEach(node -> create(node, hash));
  }

  private int minReadySeconds() {
    Integer seconds = set.getSpec().getMinReadySeconds();
    return seconds == null ? 0 : seconds;
  }

  private void keepPlace(NodeDaemons place, DaemonStrategy strategy, String hash) {
    if (!place.fit().mayStay()) {
      place.all().stream().filter(pod -> !PodStates.isTerminating(pod)).forEach(this::delete);
      return;
    }
    place.finished().forEach(this::replaceFinished);
    if (place.all().isEmpty() && place.fit().shouldRun()) {
      create(place.node(), hash);
    }
    surplus(place, strategy).forEach(this::delete);
  }

  private void replaceFinished(Pod pod) {
    Instant due = Instant.parse(pod.getMetadata().getCreationTimestamp()).plus(REPLACEMENT_PAUSE);
    if (due.isAfter(now)) {
      result.requeueAfter(Duration.between(now, due));
      return;
    }
    boolean failed = PodStates.phase(pod).equals("Failed");
    String text =
        String.format(
            "Found %s daemon pod %s/%s on node %s, will try to %s it",
            failed ? "failed" : "succeeded",
            pod.getMetadata().getNamespace(),
            pod.getMetadata().getName(),
            pod.getSpec().getNodeName(),
            failed ? "kill" : "delete");
    result.event(
        failed
            ? EventRequest.warning(DAEMON_SETS, set, "FailedDaemonPod", text)
            : EventRequest.normal(DAEMON_SETS, set, "SucceededDaemonPod", text));
    delete(pod);
  }

  /** More than one on a node: the oldest stays, and with a surge the oldest of either template. */
  private static List<Pod> surplus(NodeDaemons place, DaemonStrategy strategy) {
    List<Pod> surplus = new ArrayList<>(place.active());
    if (strategy.maxSurge() > 0) {
      place.oldestUpToDate().ifPresent(surplus::remove);
      place.oldestOutdated().ifPresent(surplus::remove);
    } else if (!surplus.isEmpty()) {
      surplus.removeFirst();
    }
    return surplus;
  }

  private void create(String node, String hash) {
    if (created++ >= BURST) {
      return;
    }
    String name = names.next();
    result.command(
        Commands.create(PODS, DaemonPods.pod(set, node, hash, name)),
        event("SuccessfulCreate", "Created pod: " + name));
  }

  private void delete(Pod pod) {
    if (deleted.add(pod.getMetadata().getUid())) {
      result.command(
          Commands.delete(PODS, pod),
          event("SuccessfulDelete", "Deleted pod: " + pod.getMetadata().getName()));
    }
  }

  private EventRequest event(String reason, String message) {
    return EventRequest.normal(DAEMON_SETS, set, reason, message);
  }

  private void tellRefusal(RefusedCommand refused) {
    if (refused.command().type().equals(PODS)) {
      boolean create = refused.command().verb() == Verb.CREATE;
      result.event(
          EventRequest.warning(
              DAEMON_SETS,
              set,
              create ? "FailedCreate" : "FailedDelete",
              (create ? "Error creating: " : "Error deleting: ") + refused.message()));
    }
  }
}
