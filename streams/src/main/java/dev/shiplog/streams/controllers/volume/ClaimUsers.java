package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.stream.Stream;

/** Which pods use a claim. */
final class ClaimUsers {

  /** Pods by the keys of the claims they use. */
  static final Index<Pod> INDEX = new Index<>(PODS, "claims", pod -> claims(pod).toList());

  private ClaimUsers() {}

  /** A change of a pod concerns the claims it uses. */
  static Source<Pod> source() {
    return Source.mapped(
        PODS, (change, views) -> change.states().flatMap(ClaimUsers::claims).distinct().toList());
  }

  /** Those that have not finished. */
  static List<Pod> of(PersistentVolumeClaim claim, Views views) {
    return views.of(PODS).find(INDEX, ObjectKeys.keyOf(claim)).stream()
        .filter(pod -> !PodStates.isFinished(pod))
        .toList();
  }

  /** Keys of the claims a pod uses, ephemeral volumes' among them. */
  static Stream<String> claims(Pod pod) {
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
}
