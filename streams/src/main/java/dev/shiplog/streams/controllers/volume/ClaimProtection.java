package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Keeps a claim that is being deleted until no pod uses it any more. */
public final class ClaimProtection implements Controller {

  private static final String FINALIZER = "kubernetes.io/pvc-protection";

  /** Pods by the keys of the claims they use. */
  private static final Index<Pod> BY_CLAIM =
      new Index<>(PODS, "claims", pod -> claims(pod).toList());

  private static Stream<String> claims(Pod pod) {
    String namespace = pod.getMetadata().getNamespace();
    return pod.getSpec().getVolumes().stream()
        .flatMap(volume -> {
          if (volume.getPersistentVolumeClaim() != null) {
            return Stream.of(volume.getPersistentVolumeClaim().getClaimName());
          }
          return volume.getEphemeral() == null
              ? Stream.of()
              : Stream.of(pod.getMetadata().getName() + "-" + volume.getName());
        })
        .map(name -> ObjectKeys.key(namespace, name));
  }

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
    return List.of(
        Source.primary(PERSISTENT_VOLUME_CLAIMS),
        Source.mapped(
            PODS,
            (change, views) ->
                change.states().flatMap(ClaimProtection::claims).distinct().toList()));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(BY_CLAIM);
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
    return views.of(PODS).find(BY_CLAIM, ObjectKeys.keyOf(claim)).stream()
        .anyMatch(pod -> PodStates.isScheduled(pod) && !PodStates.isFinished(pod));
  }
}
