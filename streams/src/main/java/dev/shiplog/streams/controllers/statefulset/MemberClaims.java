package dev.shiplog.streams.controllers.statefulset;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.STATEFUL_SETS;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.ResourceView;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The claims of a StatefulSet's pods, and who takes them along when he goes. */
final class MemberClaims {

  private final StatefulSet set;
  private final ResourceView<PersistentVolumeClaim> view;

  MemberClaims(StatefulSet set, Views views) {
    this.set = set;
    this.view = views.of(PERSISTENT_VOLUME_CLAIMS);
  }

  static String name(StatefulSet set, PersistentVolumeClaim template, int ordinal) {
    return prefix(set, template) + ordinal;
  }

  private static String prefix(StatefulSet set, PersistentVolumeClaim template) {
    return template.getMetadata().getName() + "-" + set.getMetadata().getName() + "-";
  }

  /** Whether a claim of that name is one of the set's. */
  static boolean isOf(StatefulSet set, String claimName) {
    return set.getSpec().getVolumeClaimTemplates().stream()
        .map(template -> prefix(set, template))
        .anyMatch(prefix ->
            claimName.startsWith(prefix) && claimName.substring(prefix.length()).matches("\\d+"));
  }

  /** The claims that a pod still needs. */
  List<PersistentVolumeClaim> missing(int ordinal) {
    List<PersistentVolumeClaim> missing = new ArrayList<>();
    for (PersistentVolumeClaim template : set.getSpec().getVolumeClaimTemplates()) {
      String name = name(set, template, ordinal);
      if (view.get(set.getMetadata().getNamespace(), name).isEmpty()) {
        missing.add(claim(template, name));
      }
    }
    return missing;
  }

  private PersistentVolumeClaim claim(PersistentVolumeClaim template, String name) {
    Map<String, String> labels = new TreeMap<>();
    if (template.getMetadata().getLabels() != null) {
      labels.putAll(template.getMetadata().getLabels());
    }
    if (set.getSpec().getSelector().getMatchLabels() != null) {
      labels.putAll(set.getSpec().getSelector().getMatchLabels());
    }
    return new PersistentVolumeClaimBuilder(template)
        .editMetadata()
        .withName(name)
        .withNamespace(set.getMetadata().getNamespace())
        .withLabels(labels)
        .endMetadata()
        .withStatus(null)
        .build();
  }

  /** A claim that goes with a former pod must be gone before the next pod may have one. */
  boolean mustGoFirst(int ordinal) {
    return existing(ordinal).stream()
        .anyMatch(claim ->
            claim.getMetadata().getDeletionTimestamp() != null
                || claim.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getKind().equals(PODS.kind())));
  }

  private List<PersistentVolumeClaim> existing(int ordinal) {
    return set.getSpec().getVolumeClaimTemplates().stream()
        .map(template -> view.get(set.getMetadata().getNamespace(), name(set, template, ordinal)))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Gives a pod's claims the owners that the retention policy asks for. */
  List<CommandRequest> settleOwners(Pod pod, int ordinal, boolean condemned) {
    List<CommandRequest> commands = new ArrayList<>();
    for (PersistentVolumeClaim claim : existing(ordinal)) {
      List<OwnerReference> owners = new ArrayList<>(claim.getMetadata().getOwnerReferences());
      owners.removeIf(owner -> isOurs(owner, pod));
      wantedOwner(pod, condemned).ifPresent(owners::add);
      if (!sameUids(owners, claim.getMetadata().getOwnerReferences())) {
        commands.add(withOwners(claim, owners));
      }
    }
    return commands;
  }

  private boolean isOurs(OwnerReference owner, Pod pod) {
    return owner.getUid().equals(set.getMetadata().getUid())
        || (owner.getKind().equals(PODS.kind())
            && owner.getName().equals(pod.getMetadata().getName()));
  }

  private Optional<OwnerReference> wantedOwner(Pod pod, boolean condemned) {
    var policy = set.getSpec().getPersistentVolumeClaimRetentionPolicy();
    if (policy == null) {
      return Optional.empty();
    }
    if (condemned && "Delete".equals(policy.getWhenScaled())) {
      return Optional.of(reference(PODS, pod));
    }
    return "Delete".equals(policy.getWhenDeleted())
        ? Optional.of(reference(STATEFUL_SETS, set))
        : Optional.empty();
  }

  private static OwnerReference reference(ResourceType<?> type, HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(type.apiVersion())
        .withKind(type.kind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .build();
  }

  private static boolean sameUids(List<OwnerReference> one, List<OwnerReference> other) {
    return Objects.equals(
        one.stream().map(OwnerReference::getUid).sorted().toList(),
        other.stream().map(OwnerReference::getUid).sorted().toList());
  }

  private static CommandRequest withOwners(
      PersistentVolumeClaim claim, List<OwnerReference> owners) {
    ObjectNode patch = KubernetesJson.object();
    ArrayNode list = patch.putObject("metadata").putArray("ownerReferences");
    owners.forEach(owner -> list.add(KubernetesJson.tree(owner)));
    return Commands.patchAsSeen(PERSISTENT_VOLUME_CLAIMS, claim, patch);
  }
}
