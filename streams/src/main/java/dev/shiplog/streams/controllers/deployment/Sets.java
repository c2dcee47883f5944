package dev.shiplog.streams.controllers.deployment;

import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.ResourceTypes;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A Deployment's ReplicaSets: the new one has its template, the old ones are its history.
 *
 * @param current empty as long as there is none with the template
 * @param old oldest first
 */
record Sets(Optional<PlannedSet> current, List<PlannedSet> old) {

  private static final Comparator<PlannedSet> BY_AGE =
      Comparator.<PlannedSet, String>comparing(
              set -> String.valueOf(set.seen().getMetadata().getCreationTimestamp()))
          .thenComparing(PlannedSet::name);

  static Sets of(Deployment deployment, Collection<ReplicaSet> owned) {
    List<PlannedSet> byAge = owned.stream().map(PlannedSet::existing).sorted(BY_AGE).toList();
    PodTemplateSpec template = deployment.getSpec().getTemplate();
    Optional<PlannedSet> current =
        byAge.stream()
            .filter(set -> Templates.same(set.seen().getSpec().getTemplate(), template))
            .findFirst();
    return new Sets(current, byAge.stream().filter(set -> set != current.orElse(null)).toList());
  }

  /** With a new one that is to be created. */
  Sets withNew(Deployment deployment, String name, String hash, int replicas) {
    PlannedSet created = PlannedSet.toCreate(newSet(deployment, name, hash, replicas));
    return new Sets(Optional.of(created), old);
  }

  private static ReplicaSet newSet(Deployment deployment, String name, String hash, int replicas) {
    Map<String, String> labels = new TreeMap<>(labelsOf(deployment.getSpec().getTemplate()));
    labels.put(Templates.HASH_LABEL, hash);
    return new ReplicaSetBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(deployment.getMetadata().getNamespace())
        .withLabels(labels)
        .withOwnerReferences(Owners.controllerReference(ResourceTypes.DEPLOYMENTS, deployment))
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withMinReadySeconds(deployment.getSpec().getMinReadySeconds())
        .withNewSelectorLike(deployment.getSpec().getSelector())
        .addToMatchLabels(Templates.HASH_LABEL, hash)
        .endSelector()
        .withNewTemplateLike(deployment.getSpec().getTemplate())
        .editOrNewMetadata()
        .withLabels(labels)
        .endMetadata()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Map<String, String> labelsOf(PodTemplateSpec template) {
    return template.getMetadata() == null || template.getMetadata().getLabels() == null
        ? Map.of()
        : template.getMetadata().getLabels();
  }

  Stream<PlannedSet> all() {
    return Stream.concat(old.stream(), current.stream());
  }

  List<PlannedSet> active() {
    return all().filter(PlannedSet::isActive).toList();
  }

  /** How many pods all of them are to have. */
  int totalReplicas() {
    return all().mapToInt(PlannedSet::replicas).sum();
  }

  /**
   * How many pods there may be at most right now; the largest number where that is not known, since
   * a set that was made smaller may have asked for pods that nobody has seen yet.
   */
  int possibleReplicas() {
    return all().allMatch(PlannedSet::isObserved)
        ? all().mapToInt(PlannedSet::possibleReplicas).sum()
        : Integer.MAX_VALUE;
  }

  int totalAvailable() {
    return all().mapToInt(PlannedSet::availableReplicas).sum();
  }

  int oldReplicas() {
    return old.stream().mapToInt(PlannedSet::replicas).sum();
  }

  /** The highest revision among the old ones. */
  long lastOldRevision() {
    return old.stream().mapToLong(set -> Annotations.revision(set.seen())).max().orElse(0);
  }

  /** The one that has the pods, if there is only one, or the newest if none has any. */
  Optional<PlannedSet> activeOrLatest() {
    List<PlannedSet> active = active();
    return switch (active.size()) {
      case 0 -> current.or(() -> old.isEmpty() ? Optional.empty() : Optional.of(old.getLast()));
      case 1 -> Optional.of(active.getFirst());
      default -> Optional.empty();
    };
  }
}
