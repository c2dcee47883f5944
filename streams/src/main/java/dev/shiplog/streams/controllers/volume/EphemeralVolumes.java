package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimTemplate;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Makes the claims of pods' ephemeral volumes: {@code POD-VOLUME}, owned by the pod, so that they
 * go with it. A claim of that name that is somebody else's is left alone, and the pod waits.
 */
public final class EphemeralVolumes implements Controller {

  @Override
  public String name() {
    return "ephemeral-volume-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.mapped(
            PODS,
            (change, views) -> hasEphemeral(change.latest()) ? List.of(change.key()) : List.of()),
        Source.mapped(
            PERSISTENT_VOLUME_CLAIMS,
            (change, views) ->
                views.of(PODS).find(ClaimUsers.INDEX, change.key()).stream()
                    .filter(EphemeralVolumes::hasEphemeral)
                    .map(ObjectKeys::keyOf)
                    .toList()));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(ClaimUsers.INDEX);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(PODS).all().stream()
        .filter(EphemeralVolumes::hasEphemeral)
        .map(ObjectKeys::keyOf)
        .toList();
  }

  private static boolean hasEphemeral(Pod pod) {
    return pod.getSpec().getVolumes().stream().anyMatch(volume -> volume.getEphemeral() != null);
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Reconciliation.Builder result = Reconciliation.builder();
    views
        .of(PODS)
        .get(key)
        .filter(pod -> !PodStates.isTerminating(pod) && !PodStates.isFinished(pod))
        .ifPresent(pod ->
            pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getEphemeral() != null)
                .forEach(volume -> ensure(pod, volume, views, result)));
    return result.build();
  }

  private static void ensure(Pod pod, Volume volume, Views views, Reconciliation.Builder result) {
    String name = pod.getMetadata().getName() + "-" + volume.getName();
    Optional<PersistentVolumeClaim> there =
        views.of(PERSISTENT_VOLUME_CLAIMS).get(pod.getMetadata().getNamespace(), name);
    if (there.isEmpty()) {
      result.command(Commands.create(PERSISTENT_VOLUME_CLAIMS, claim(pod, volume, name)));
    } else if (!Owners.isControlledBy(there.get(), pod.getMetadata().getUid())) {
      result.event(
          EventRequest.warning(
              PODS,
              pod,
              "FailedCreate",
              "PVC %s was not created for pod %s (pod is not owner)"
                  .formatted(ObjectKeys.keyOf(there.get()), ObjectKeys.keyOf(pod))));
    }
  }

  private static PersistentVolumeClaim claim(Pod pod, Volume volume, String name) {
    PersistentVolumeClaimTemplate template = volume.getEphemeral().getVolumeClaimTemplate();
    var given = template.getMetadata();
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withNamespace(pod.getMetadata().getNamespace())
        .withName(name)
        .withLabels(given == null ? null : given.getLabels())
        .withAnnotations(given == null ? null : given.getAnnotations())
        .withOwnerReferences(Owners.controllerReference(PODS, pod))
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }
}
