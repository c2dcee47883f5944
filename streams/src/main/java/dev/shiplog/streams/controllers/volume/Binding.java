package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUMES;

import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Source;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What volumes and claims say of each other, in the words of Kubernetes. */
final class Binding {

  /** On a claim: it has been bound; if its volume is gone now, it is lost. */
  static final String COMPLETED = "pv.kubernetes.io/bind-completed";

  /** On either: the link to the other was set here, not by a user, and may be undone here. */
  static final String BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

  /** On a volume: who made it, and is to unmake it. */
  static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

  /** On a claim: who is to make a volume for it. */
  static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";

  /** On a claim: the node that the scheduler has chosen for its first consumer. */
  static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  static final String YES = "yes";

  private static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";

  private Binding() {}

  /** A change of a volume concerns the claim it is kept for. */
  static Source<PersistentVolume> volumes() {
    return Source.mapped(
        PERSISTENT_VOLUMES,
        (change, views) -> change.states().flatMap(volume -> claimKey(volume).stream()).toList());
  }

  /** Name of the claim's class; empty if it wants none. */
  static String className(PersistentVolumeClaim claim) {
    return annotation(claim, OLD_CLASS)
        .orElse(Objects.requireNonNullElse(claim.getSpec().getStorageClassName(), ""));
  }

  /** Name of the volume's class; empty if it is of none. */
  static String className(PersistentVolume volume) {
    return annotation(volume, OLD_CLASS)
        .orElse(Objects.requireNonNullElse(volume.getSpec().getStorageClassName(), ""));
  }

  /** Name of the claim's volume; empty if it has none. */
  static String volumeName(PersistentVolumeClaim claim) {
    return Objects.requireNonNullElse(claim.getSpec().getVolumeName(), "");
  }

  /** Key of the claim that the volume is kept for. */
  static Optional<String> claimKey(PersistentVolume volume) {
    return Optional.ofNullable(volume.getSpec().getClaimRef())
        .map(claim -> ObjectKeys.key(claim.getNamespace(), claim.getName()));
  }

  /** Whether the volume is kept for a claim of this name, and for no other of that name. */
  static boolean isKeptFor(PersistentVolume volume, PersistentVolumeClaim claim) {
    return claimKey(volume).filter(ObjectKeys.keyOf(claim)::equals).isPresent()
        && uid(volume).map(claim.getMetadata().getUid()::equals).orElse(true);
  }

  /** Uid of the claim that the volume is kept for; one that a user reserved may say none. */
  static Optional<String> uid(PersistentVolume volume) {
    return Optional.ofNullable(volume.getSpec().getClaimRef())
        .map(ObjectReference::getUid)
        .filter(uid -> !uid.isEmpty());
  }

  static boolean has(HasMetadata object, String annotation) {
    return annotation(object, annotation).isPresent();
  }

  static Optional<String> annotation(HasMetadata object, String name) {
    Map<String, String> all = object.getMetadata().getAnnotations();
    return all == null ? Optional.empty() : Optional.ofNullable(all.get(name));
  }

  static boolean isGoing(HasMetadata object) {
    return object.getMetadata().getDeletionTimestamp() != null;
  }
}
