package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Keeps a claim that is being deleted until no pod uses it any more. */
public final class ClaimProtection implements Controller {

  private static final String FINALIZER = "kubernetes.io/pvc-protection";

  @Override
  public String name() {
    return "persistentvolumeclaim-protection-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:pvc-protection-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(Source.primary(PERSISTENT_VOLUME_CLAIMS), ClaimUsers.source());
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(ClaimUsers.INDEX);
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
        .map(claim ->
            Protection.settle(PERSISTENT_VOLUME_CLAIMS, claim, FINALIZER, isUsed(claim, views)))
        .orElse(Reconciliation.nothing());
  }

  /** A pod that has finished, or was never on a node, holds nothing. */
  private static boolean isUsed(PersistentVolumeClaim claim, Views views) {
    return ClaimUsers.of(claim, views).stream().anyMatch(PodStates::isScheduled);
  }
}
