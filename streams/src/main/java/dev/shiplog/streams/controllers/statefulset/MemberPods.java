package dev.shiplog.streams.controllers.statefulset;

import dev.shiplog.streams.controllers.history.RevisionHistory;
import dev.shiplog.streams.controllers.pod.PodTemplates;
import dev.shiplog.streams.kit.ResourceTypes;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.List;

/** Pods of StatefulSets: they have host names, and volumes that outlive them. */
final class MemberPods {

  private MemberPods() {}

  /**
   * A pod.
   *
   * @param revision name of the revision that the template is of
   */
  static Pod pod(
      StatefulSet set, PodTemplateSpec template, String revision, String name, int ordinal) {
    return new PodBuilder(PodTemplates.pod(template, ResourceTypes.STATEFUL_SETS, set, name))
        .editMetadata()
        .addToLabels("statefulset.kubernetes.io/pod-name", name)
        .addToLabels("apps.kubernetes.io/pod-index", Integer.toString(ordinal))
        .addToLabels(RevisionHistory.HASH_LABEL, revision)
        .endMetadata()
        .editSpec()
        .withHostname(name)
        .withSubdomain(set.getSpec().getServiceName())
        .withVolumes(volumes(set, template, ordinal))
        .endSpec()
        .build();
  }

  /** A claim takes the place of a volume with its name. */
  private static List<Volume> volumes(StatefulSet set, PodTemplateSpec template, int ordinal) {
    List<Volume> volumes = new ArrayList<>();
    List<String> claimed = new ArrayList<>();
    for (PersistentVolumeClaim claim : set.getSpec().getVolumeClaimTemplates()) {
      String volume = claim.getMetadata().getName();
      claimed.add(volume);
      volumes.add(
          new VolumeBuilder()
              .withName(volume)
              .withNewPersistentVolumeClaim()
              .withClaimName(MemberClaims.name(set, claim, ordinal))
              .endPersistentVolumeClaim()
              .build());
    }
    template.getSpec().getVolumes().stream()
        .filter(volume -> !claimed.contains(volume.getName()))
        .forEach(volumes::add);
    return volumes;
  }
}
