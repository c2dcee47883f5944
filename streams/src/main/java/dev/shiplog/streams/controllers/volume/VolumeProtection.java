package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUMES;

import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Keeps a volume that is being deleted as long as it is bound to a claim. */
public final class VolumeProtection implements Controller {

  private static final String FINALIZER = "kubernetes.io/pv-protection";

  @Override
  public String name() {
    return "persistentvolume-protection-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:pv-protection-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(Source.primary(PERSISTENT_VOLUMES));
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
        .map(volume -> Protection.settle(PERSISTENT_VOLUMES, volume, FINALIZER, isBound(volume)))
        .orElse(Reconciliation.nothing());
  }

  private static boolean isBound(PersistentVolume volume) {
    return volume.getStatus() != null && "Bound".equals(volume.getStatus().getPhase());
  }
}
