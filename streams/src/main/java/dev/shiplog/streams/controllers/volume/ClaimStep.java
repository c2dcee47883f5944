package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUMES;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.STORAGE_CLASSES;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.util.Optional;
import java.util.stream.Stream;

/** The next step in the life of one claim. */
final class ClaimStep {

  private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";
  private static final String FAILED = "FailedBinding";

  private final PersistentVolumeClaim claim;
  private final Views views;
  private final Reconciliation.Builder result = Reconciliation.builder();

  ClaimStep(PersistentVolumeClaim claim, Views views) {
    this.claim = claim;
    this.views = views;
  }

  Reconciliation take() {
    if (Binding.volumeName(claim).isEmpty()) {
      seek();
    } else {
      views
          .of(PERSISTENT_VOLUMES)
          .get(Binding.volumeName(claim))
          .ifPresentOrElse(this::follow, this::miss);
    }
    return result.build();
  }

  // --- a claim without a volume

  private void seek() {
    if (Binding.isGoing(claim)) {
      return;
    }
    Optional<PersistentVolume> found = kept().or(this::free);
    Optional<String> defaultClass = says() ? Optional.empty() : DefaultClass.in(views);
    if (found.isEmpty() && defaultClass.isPresent()) {
      assign(defaultClass.get());
    } else if (found.isEmpty()) {
      waitForVolume();
    } else if (Binding.uid(found.get()).isEmpty()) {
      keep(found.get());
    } else {
      PersistentVolumeClaim bound =
          new PersistentVolumeClaimBuilder(claim)
              .editMetadata()
              .addToAnnotations(Binding.BY_CONTROLLER, Binding.YES)
              .addToAnnotations(Binding.COMPLETED, Binding.YES)
              .endMetadata()
              .editSpec()
              .withVolumeName(found.get().getMetadata().getName())
              .endSpec()
              .build();
      Commands.change(PERSISTENT_VOLUME_CLAIMS, claim, bound).ifPresent(result::command);
    }
  }

  /** Whether the claim says which class it wants; the empty name is none. */
  private boolean says() {
    return claim.getSpec().getStorageClassName() != null || !Binding.className(claim).isEmpty();
  }

  /** A claim that was there before there was a default class gets it now. */
  private void assign(String className) {
    PersistentVolumeClaim assigned =
        new PersistentVolumeClaimBuilder(claim)
            .editSpec()
            .withStorageClassName(className)
            .endSpec()
            .build();
    Commands.change(PERSISTENT_VOLUME_CLAIMS, claim, assigned).ifPresent(result::command);
  }

  private Optional<PersistentVolume> kept() {
    return views.of(PERSISTENT_VOLUMES).find(ClaimBinder.KEPT, ObjectKeys.keyOf(claim)).stream()
        .filter(volume -> Binding.isKeptFor(volume, claim) && !Binding.isGoing(volume))
        .findFirst();
  }

  /** A claim that waits for its first consumer takes what the scheduler gives it, nothing else. */
  private Optional<PersistentVolume> free() {
    if (waits()) {
      return Optional.empty();
    }
    Stream<PersistentVolume> free =
        views.of(PERSISTENT_VOLUMES).find(ClaimBinder.FREE, Binding.className(claim)).stream();
    return new VolumeMatch(claim).smallest(free);
  }

  private void keep(PersistentVolume volume) {
    PersistentVolumeBuilder kept = new PersistentVolumeBuilder(volume);
    if (volume.getSpec().getClaimRef() == null) {
      kept.editMetadata().addToAnnotations(Binding.BY_CONTROLLER, Binding.YES).endMetadata();
    }
    kept.editSpec()
        .withNewClaimRef()
        .withApiVersion("v1")
        .withKind("PersistentVolumeClaim")
        .withNamespace(claim.getMetadata().getNamespace())
        .withName(claim.getMetadata().getName())
        .withUid(claim.getMetadata().getUid())
        .endClaimRef()
        .endSpec();
    Commands.change(PERSISTENT_VOLUMES, volume, kept.build()).ifPresent(result::command);
  }

  private void waitForVolume() {
    String className = Binding.className(claim);
    Optional<StorageClass> storageClass = storageClass();
    if (className.isEmpty()) {
      tell(FAILED, "no persistent volumes available for this claim and no storage class is set");
    } else if (storageClass.isEmpty()) {
      warn("ProvisioningFailed", "storageclass.storage.k8s.io \"" + className + "\" not found");
    } else if (waits() && !Binding.has(claim, Binding.SELECTED_NODE)) {
      waitForScheduler();
    } else if (storageClass.get().getProvisioner().equals(NO_PROVISIONER)) {
      tell(FAILED, "no persistent volumes available for this claim");
    } else {
      askFor(storageClass.get().getProvisioner());
    }
    phase("Pending", null);
  }

  private void waitForScheduler() {
    Optional<String> pod =
        ClaimUsers.of(claim, views).stream()
            .filter(user -> user.getSpec().getNodeName() == null)
            .map(user -> user.getMetadata().getName())
            .min(String::compareTo);
    if (pod.isPresent()) {
      tell("WaitForPodScheduled", "waiting for pod " + pod.get() + " to be scheduled");
    } else {
      tell("WaitForFirstConsumer", "waiting for first consumer to be created before binding");
    }
  }

  private void askFor(String provisioner) {
    PersistentVolumeClaim asking =
        new PersistentVolumeClaimBuilder(claim)
            .editMetadata()
            .addToAnnotations(Binding.PROVISIONER, provisioner)
            .endMetadata()
            .build();
    Commands.change(PERSISTENT_VOLUME_CLAIMS, claim, asking).ifPresent(result::command);
    tell(
        "ExternalProvisioning",
        "Waiting for a volume to be created either by the external provisioner '"
            + provisioner
            + "' or manually by the system administrator. If volume creation is delayed, please"
            + " verify that the provisioner is running and correctly registered.");
  }

  private boolean waits() {
    return storageClass()
        .filter(each -> "WaitForFirstConsumer".equals(each.getVolumeBindingMode()))
        .isPresent();
  }

  private Optional<StorageClass> storageClass() {
    return views.of(STORAGE_CLASSES).get(Binding.className(claim));
  }

  // --- a claim that names a volume

  private void follow(PersistentVolume volume) {
    if (volume.getSpec().getClaimRef() == null) {
      if (new VolumeMatch(claim).satisfies(volume)) {
        keep(volume);
      } else {
        warn(
            "VolumeMismatch",
            "Cannot bind to requested volume \""
                + volume.getMetadata().getName()
                + "\": it does not have what the claim asks for");
        phase("Pending", null);
      }
    } else if (!Binding.isKeptFor(volume, claim)) {
      taken(volume);
    } else if (Binding.uid(volume).isEmpty()) {
      keep(volume);
    } else {
      complete(volume);
    }
  }

  private void complete(PersistentVolume volume) {
    if (!Binding.has(claim, Binding.COMPLETED)) {
      PersistentVolumeClaim completed =
          new PersistentVolumeClaimBuilder(claim)
              .editMetadata()
              .addToAnnotations(Binding.COMPLETED, Binding.YES)
              .endMetadata()
              .build();
      Commands.change(PERSISTENT_VOLUME_CLAIMS, claim, completed).ifPresent(result::command);
    }
    phase("Bound", volume);
  }

  private void taken(PersistentVolume volume) {
    String name = volume.getMetadata().getName();
    if (Binding.has(claim, Binding.COMPLETED)) {
      warn(
          "ClaimMisbound",
          "Two claims are bound to the same volume, this one is bound incorrectly");
      phase("Lost", null);
    } else {
      warn(FAILED, "volume \"" + name + "\" already bound to a different claim.");
      phase("Pending", null);
    }
  }

  private void miss() {
    if (Binding.has(claim, Binding.COMPLETED)) {
      warn("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
      phase("Lost", null);
    } else {
      phase("Pending", null);
    }
  }

  // --- telling

  /**
   * The claim's phase, and what it has got.
   *
   * @param volume null if it has none
   */
  private void phase(String phase, PersistentVolume volume) {
    PersistentVolumeClaim wanted =
        new PersistentVolumeClaimBuilder(claim)
            .editOrNewStatus()
            .withPhase(phase)
            .withAccessModes(volume == null ? null : volume.getSpec().getAccessModes())
            .withCapacity(volume == null ? null : volume.getSpec().getCapacity())
            .endStatus()
            .build();
    Commands.changeStatus(PERSISTENT_VOLUME_CLAIMS, claim, wanted).ifPresent(result::command);
  }

  private void tell(String reason, String message) {
    result.event(EventRequest.normal(PERSISTENT_VOLUME_CLAIMS, claim, reason, message));
  }

  private void warn(String reason, String message) {
    result.event(EventRequest.warning(PERSISTENT_VOLUME_CLAIMS, claim, reason, message));
  }
}
