package dev.shiplog.streams.controllers.statefulset;

import dev.shiplog.streams.controllers.history.RevisionHistory;
import dev.shiplog.streams.controllers.pod.PodStates;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** A StatefulSet's pods by their ordinals. */
final class Members {

  private final StatefulSet set;
  private final Instant now;
  private final TreeMap<Integer, Pod> byOrdinal = new TreeMap<>();

  Members(StatefulSet set, Collection<Pod> owned, Instant now) {
    this.set = set;
    this.now = now;
    owned.forEach(pod ->
        ordinalOf(set, pod.getMetadata().getName())
            .ifPresent(ordinal -> byOrdinal.put(ordinal, pod)));
  }

  /** The ordinal in a pod's name; empty if the name is not one of the set's. */
  static OptionalInt ordinalOf(StatefulSet set, String podName) {
    String prefix = set.getMetadata().getName() + "-";
    String rest = podName.startsWith(prefix) ? podName.substring(prefix.length()) : "";
    return rest.matches("0|[1-9]\\d{0,8}")
        ? OptionalInt.of(Integer.parseInt(rest))
        : OptionalInt.empty();
  }

  String nameAt(int ordinal) {
    return set.getMetadata().getName() + "-" + ordinal;
  }

  int first() {
    Integer start =
        set.getSpec().getOrdinals() == null ? null : set.getSpec().getOrdinals().getStart();
    return start == null ? 0 : start;
  }

  int wanted() {
    Integer replicas = set.getSpec().getReplicas();
    return replicas == null ? 1 : replicas;
  }

  /** Ordinals there should be, lowest first. */
  List<Integer> ordinals() {
    List<Integer> ordinals = new ArrayList<>();
    for (int i = 0; i < wanted(); i++) {
      ordinals.add(first() + i);
    }
    return ordinals;
  }

  Optional<Pod> at(int ordinal) {
    return Optional.ofNullable(byOrdinal.get(ordinal));
  }

  Collection<Pod> all() {
    return byOrdinal.values();
  }

  /** Those there should not be, highest first. */
  Map<Integer, Pod> condemned() {
    TreeMap<Integer, Pod> condemned = new TreeMap<>(byOrdinal);
    condemned.keySet().removeAll(ordinals());
    return condemned.descendingMap();
  }

  int minReadySeconds() {
    Integer seconds = set.getSpec().getMinReadySeconds();
    return seconds == null ? 0 : seconds;
  }

  boolean isReady(Pod pod) {
    return PodStates.phase(pod).equals("Running") && PodStates.isReady(pod);
  }

  boolean isAvailable(Pod pod) {
    return isReady(pod) && PodStates.isAvailable(pod, minReadySeconds(), now);
  }

  /** Available and not on its way out. */
  boolean isHealthy(Pod pod) {
    return isAvailable(pod) && !PodStates.isTerminating(pod);
  }

  /** The one with the lowest ordinal that keeps the others waiting. */
  Optional<Pod> firstUnhealthy() {
    return byOrdinal.values().stream().filter(pod -> !isHealthy(pod)).findFirst();
  }

  static boolean hasRevision(Pod pod, String revision) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels != null && revision.equals(labels.get(RevisionHistory.HASH_LABEL));
  }
}
