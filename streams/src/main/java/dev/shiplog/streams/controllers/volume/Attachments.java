package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.CSI_DRIVERS;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUMES;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.VOLUME_ATTACHMENTS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.CSIPersistentVolumeSource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachmentBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which volumes of drivers are, and are to be, attached to which nodes. */
final class Attachments {

  /** On a node whose kubelet leaves attaching to the controller. */
  private static final String BY_CONTROLLER =
      "volumes.kubernetes.io/controller-managed-attach-detach";

  /** Attachments by the volume they are of. */
  static final Index<VolumeAttachment> BY_VOLUME =
      new Index<>(VOLUME_ATTACHMENTS, "volume", it -> volumeOf(it).map(List::of).orElse(List.of()));

  /** Attachments by their node. */
  static final Index<VolumeAttachment> BY_NODE =
      new Index<>(VOLUME_ATTACHMENTS, "node", it -> List.of(it.getSpec().getNodeName()));

  private Attachments() {}

  /** The name that Kubernetes gives to the attachment of a volume to a node. */
  static String nameOf(CSIPersistentVolumeSource csi, String node) {
    String text = csi.getVolumeHandle() + csi.getDriver() + node;
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "csi-" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static VolumeAttachment of(PersistentVolume volume, String node) {
    CSIPersistentVolumeSource csi = volume.getSpec().getCsi();
    return new VolumeAttachmentBuilder()
        .withNewMetadata()
        .withName(nameOf(csi, node))
        .endMetadata()
        .withNewSpec()
        .withAttacher(csi.getDriver())
        .withNodeName(node)
        .withNewSource()
        .withPersistentVolumeName(volume.getMetadata().getName())
        .endSource()
        .endSpec()
        .build();
  }

  /** As a node's status names a volume. */
  static String uniqueName(CSIPersistentVolumeSource csi) {
    return "kubernetes.io/csi/" + csi.getDriver() + "^" + csi.getVolumeHandle();
  }

  static Optional<String> volumeOf(VolumeAttachment attachment) {
    return Optional.ofNullable(attachment.getSpec().getSource())
        .map(source -> source.getPersistentVolumeName());
  }

  /** Others than the controller's own attachments are whoever's who made them. */
  static boolean isOurs(VolumeAttachment attachment, CSIPersistentVolumeSource csi) {
    return attachment
        .getMetadata()
        .getName()
        .equals(nameOf(csi, attachment.getSpec().getNodeName()));
  }

  static boolean isAttached(VolumeAttachment attachment) {
    return attachment.getStatus() != null
        && Boolean.TRUE.equals(attachment.getStatus().getAttached());
  }

  /** Volumes are attached unless their driver says that there is no need. */
  static boolean areAttached(PersistentVolume volume, Views views) {
    CSIPersistentVolumeSource csi = volume.getSpec().getCsi();
    return csi != null
        && !csi.getDriver().equals(LocalPathProvisioner.DRIVER)
        && views
            .of(CSI_DRIVERS)
            .get(csi.getDriver())
            .map(driver -> driver.getSpec().getAttachRequired())
            .orElse(true);
  }

  static boolean takesPart(Node node) {
    return Binding.annotation(node, BY_CONTROLLER).filter("true"::equals).isPresent();
  }

  /** The node still has it mounted, or says so. */
  static boolean isInUse(Node node, CSIPersistentVolumeSource csi) {
    return node.getStatus() != null
        && node.getStatus().getVolumesInUse() != null
        && node.getStatus().getVolumesInUse().contains(uniqueName(csi));
  }

  /** Pods that have a node, have not ended and use the volume. */
  static List<Pod> users(PersistentVolume volume, Views views) {
    return Binding.claimKey(volume).stream()
        .flatMap(claim -> views.of(PODS).find(ClaimUsers.INDEX, claim).stream())
        .filter(pod -> PodStates.isScheduled(pod) && !PodStates.isFinished(pod))
        .toList();
  }

  static boolean isUsedOn(PersistentVolume volume, String node, Views views) {
    return users(volume, views).stream().anyMatch(pod -> node.equals(pod.getSpec().getNodeName()));
  }

  /** Names of the volumes behind a pod's claims, as far as they are bound. */
  static Stream<String> volumesOf(Pod pod, Views views) {
    return ClaimUsers.claims(pod)
        .flatMap(claim -> views.of(PERSISTENT_VOLUME_CLAIMS).get(claim).stream())
        .map(Binding::volumeName)
        .filter(name -> !name.isEmpty());
  }

  static Optional<PersistentVolume> volume(VolumeAttachment attachment, Views views) {
    return volumeOf(attachment).flatMap(name -> views.of(PERSISTENT_VOLUMES).get(name));
  }
}
