package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUMES;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.STORAGE_CLASSES;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes volumes of the local-path provisioner larger when their claims ask for more and their class
 * allows it: first the volume, then the claim's status. A directory grows by itself, so no node has
 * to do anything. Volumes of other drivers are their drivers' to grow.
 */
public final class LocalPathExpansion implements Controller {

  private static final String STORAGE = "storage";

  @Override
  public String name() {
    return "persistentvolume-expander-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:expand-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(PERSISTENT_VOLUME_CLAIMS),
        Binding.volumes(),
        Source.readOnly(STORAGE_CLASSES));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(PERSISTENT_VOLUME_CLAIMS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Optional<PersistentVolumeClaim> claim =
        views
            .of(PERSISTENT_VOLUME_CLAIMS)
            .get(key)
            .filter(it -> it.getStatus() != null && "Bound".equals(it.getStatus().getPhase()));
    Optional<PersistentVolume> volume =
        claim
            .flatMap(it -> views.of(PERSISTENT_VOLUMES).get(Binding.volumeName(it)))
            .filter(LocalPathExpansion::isOurs);
    if (volume.isEmpty() || !isLarger(requested(claim.get()), capacity(claim.get()))) {
      return Reconciliation.nothing();
    }
    return mayGrow(claim.get(), views) ? grow(claim.get(), volume.get()) : Reconciliation.nothing();
  }

  private static Reconciliation grow(PersistentVolumeClaim claim, PersistentVolume volume) {
    Quantity wanted = requested(claim);
    if (isLarger(wanted, volume.getSpec().getCapacity().get(STORAGE))) {
      PersistentVolume larger =
          new PersistentVolumeBuilder(volume)
              .editSpec()
              .addToCapacity(STORAGE, wanted)
              .endSpec()
              .build();
      return Commands.change(PERSISTENT_VOLUMES, volume, larger)
          .map(Reconciliation::of)
          .orElse(Reconciliation.nothing());
    }
    PersistentVolumeClaim grown =
        new PersistentVolumeClaimBuilder(claim)
            .editStatus()
            .addToCapacity(STORAGE, wanted)
            .endStatus()
            .build();
    Reconciliation.Builder result = Reconciliation.builder();
    Commands.changeStatusAsSeen(PERSISTENT_VOLUME_CLAIMS, claim, grown).ifPresent(result::command);
    return result
        .event(
            EventRequest.normal(
                PERSISTENT_VOLUME_CLAIMS,
                claim,
                "VolumeResizeSuccessful",
                "Resize volume succeeded"))
        .build();
  }

  private static boolean isOurs(PersistentVolume volume) {
    return volume.getSpec().getCsi() != null
        && LocalPathProvisioner.DRIVER.equals(volume.getSpec().getCsi().getDriver());
  }

  private static boolean mayGrow(PersistentVolumeClaim claim, Views views) {
    return views
        .of(STORAGE_CLASSES)
        .get(Binding.className(claim))
        .filter(it -> Boolean.TRUE.equals(it.getAllowVolumeExpansion()))
        .isPresent();
  }

  private static Quantity requested(PersistentVolumeClaim claim) {
    return claim.getSpec().getResources().getRequests().get(STORAGE);
  }

  private static Quantity capacity(PersistentVolumeClaim claim) {
    Map<String, Quantity> capacity = claim.getStatus().getCapacity();
    return capacity == null ? null : capacity.get(STORAGE);
  }

  private static boolean isLarger(Quantity one, Quantity other) {
    return one != null
        && (other == null || one.getNumericalAmount().compareTo(other.getNumericalAmount()) > 0);
  }
}
