package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUMES;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.STORAGE_CLASSES;

import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Binds claims to volumes, as the Kubernetes controller of that name does: the volume is kept for
 * the claim first, then the claim names the volume, then it is bound. Each step is a command of its
 * own that holds only for the objects as seen, so of two claims one gets a volume.
 */
public final class ClaimBinder implements Controller {

  /** Volumes that nobody has, by class. */
  static final Index<PersistentVolume> FREE =
      new Index<>(
          PERSISTENT_VOLUMES,
          "free",
          volume ->
              volume.getSpec().getClaimRef() == null
                  ? List.of(Binding.className(volume))
                  : List.of());

  /** Volumes by the key of the claim they are kept for. */
  static final Index<PersistentVolume> KEPT =
      new Index<>(
          PERSISTENT_VOLUMES, "claim", volume -> Binding.claimKey(volume).stream().toList());

  /** Claims without a volume, by class. */
  private static final Index<PersistentVolumeClaim> SEEKING =
      new Index<>(
          PERSISTENT_VOLUME_CLAIMS,
          "seeking",
          claim ->
              Binding.volumeName(claim).isEmpty() ? List.of(Binding.className(claim)) : List.of());

  /** Claims by the volume they name. */
  private static final Index<PersistentVolumeClaim> BY_VOLUME =
      new Index<>(
          PERSISTENT_VOLUME_CLAIMS,
          "volume",
          claim ->
              Binding.volumeName(claim).isEmpty() ? List.of() : List.of(Binding.volumeName(claim)));

  @Override
  public String name() {
    return "persistentvolume-binder-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:persistent-volume-binder";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(PERSISTENT_VOLUME_CLAIMS),
        Source.mapped(PERSISTENT_VOLUMES, ClaimBinder::concerned),
        Source.mapped(STORAGE_CLASSES, (change, views) -> choosing(change.key(), views)),
        ClaimUsers.source());
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(FREE, KEPT, SEEKING, BY_VOLUME, ClaimUsers.INDEX);
  }

  /** Who has the volume, names it, or might take it now. */
  private static Collection<String> concerned(ObjectChange<PersistentVolume> change, Views views) {
    Set<String> keys = new TreeSet<>();
    change.states().flatMap(volume -> Binding.claimKey(volume).stream()).forEach(keys::add);
    views.of(PERSISTENT_VOLUME_CLAIMS).find(BY_VOLUME, change.key()).stream()
        .map(ObjectKeys::keyOf)
        .forEach(keys::add);
    views
        .of(PERSISTENT_VOLUMES)
        .get(change.key())
        .filter(volume -> volume.getSpec().getClaimRef() == null)
        .ifPresent(volume -> keys.addAll(seeking(Binding.className(volume), views)));
    return keys;
  }

  /** Those that want the class, and those that may get it as the default one. */
  private static Collection<String> choosing(String className, Views views) {
    Set<String> keys = new TreeSet<>(seeking(className, views));
    keys.addAll(seeking("", views));
    return keys;
  }

  private static Collection<String> seeking(String className, Views views) {
    return views.of(PERSISTENT_VOLUME_CLAIMS).find(SEEKING, className).stream()
        .map(ObjectKeys::keyOf)
        .toList();
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(PERSISTENT_VOLUME_CLAIMS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(PERSISTENT_VOLUME_CLAIMS)
        .get(key)
        .map(claim -> new ClaimStep(claim, views).take())
        .orElse(Reconciliation.nothing());
  }
}
