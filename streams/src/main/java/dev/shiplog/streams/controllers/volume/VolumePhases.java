package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUMES;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Says of each volume whether it is free, bound or released, and sees to it that a released one is
 * reclaimed as its policy says: kept, or deleted by whoever made it.
 */
public final class VolumePhases implements Controller {

  @Override
  public String name() {
    return "persistentvolume-reclaim-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:persistent-volume-binder";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(PERSISTENT_VOLUMES),
        Source.mapped(
            PERSISTENT_VOLUME_CLAIMS,
            (change, views) ->
                views.of(PERSISTENT_VOLUMES).find(ClaimBinder.KEPT, change.key()).stream()
                    .map(ObjectKeys::keyOf)
                    .toList()));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(ClaimBinder.KEPT);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(PERSISTENT_VOLUMES).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(PERSISTENT_VOLUMES)
        .get(key)
        .map(volume -> settle(volume, views))
        .orElse(Reconciliation.nothing());
  }

  private static Reconciliation settle(PersistentVolume volume, Views views) {
    Optional<String> uid = Binding.uid(volume);
    if (uid.isEmpty()) {
      return phase(volume, "Available", null);
    }
    Optional<PersistentVolumeClaim> claim =
        Binding.claimKey(volume)
            .flatMap(key -> views.of(PERSISTENT_VOLUME_CLAIMS).get(key))
            .filter(found -> found.getMetadata().getUid().equals(uid.get()));
    if (claim.isEmpty()) {
      return reclaim(volume);
    }
    String named = Binding.volumeName(claim.get());
    if (named.equals(volume.getMetadata().getName())) {
      return phase(volume, "Bound", null);
    }
    return named.isEmpty() ? phase(volume, "Available", null) : letGo(volume);
  }

  /** The claim has another volume. What was made for it goes, what was found for it is free. */
  private static Reconciliation letGo(PersistentVolume volume) {
    if (Binding.has(volume, Binding.PROVISIONED_BY)) {
      return reclaim(volume);
    }
    PersistentVolumeBuilder free = new PersistentVolumeBuilder(volume);
    if (Binding.has(volume, Binding.BY_CONTROLLER)) {
      free.editMetadata().removeFromAnnotations(Binding.BY_CONTROLLER).endMetadata();
      free.editSpec().withClaimRef(null).endSpec();
    } else {
      free.editSpec().editClaimRef().withUid(null).endClaimRef().endSpec();
    }
    return Commands.change(PERSISTENT_VOLUMES, volume, free.build())
        .map(Reconciliation::of)
        .orElse(Reconciliation.nothing());
  }

  private static Reconciliation reclaim(PersistentVolume volume) {
    String policy =
        Objects.requireNonNullElse(volume.getSpec().getPersistentVolumeReclaimPolicy(), "Retain");
    return switch (policy) {
      case "Recycle" -> failed(volume, "VolumeFailedRecycle", "Volumes are not recycled here");
      case "Delete" -> {
        if (!Binding.has(volume, Binding.PROVISIONED_BY)) {
          yield failed(volume, "VolumeFailedDelete", "Nobody made this volume who could delete it");
        }
        yield phase(volume, "Released", null);
      }
      default -> phase(volume, "Released", null);
    };
  }

  private static Reconciliation failed(PersistentVolume volume, String reason, String message) {
    Reconciliation failed = phase(volume, "Failed", message);
    return new Reconciliation(
        failed.commands(),
        failed.commands().isEmpty()
            ? List.of()
            : List.of(EventRequest.warning(PERSISTENT_VOLUMES, volume, reason, message)),
        Optional.empty());
  }

  private static Reconciliation phase(PersistentVolume volume, String phase, String message) {
    PersistentVolume wanted =
        new PersistentVolumeBuilder(volume)
            .editOrNewStatus()
            .withPhase(phase)
            .withMessage(message)
            .endStatus()
            .build();
    return Commands.changeStatus(PERSISTENT_VOLUMES, volume, wanted)
        .map(Reconciliation::of)
        .orElse(Reconciliation.nothing());
  }
}
