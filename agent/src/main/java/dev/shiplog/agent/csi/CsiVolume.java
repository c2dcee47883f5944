package dev.shiplog.agent.csi;

import io.fabric8.kubernetes.api.model.CSIPersistentVolumeSource;
import io.fabric8.kubernetes.api.model.CSIVolumeSource;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretReference;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A volume of a storage driver, as a pod is to have it.
 *
 * @param driver its name
 * @param handle what the driver calls the volume
 * @param specName what Kubernetes calls it: the PersistentVolume, or the pod's volume
 * @param attributes the driver's own, from the volume
 * @param fsType empty if the driver chooses
 * @param accessMode as Kubernetes names it
 * @param readOnly whether the pod only reads it
 * @param publishSecret what the driver needs to mount it for a pod
 * @param claim empty for one that lives and dies with its pod
 */
public record CsiVolume(
    String driver,
    String handle,
    String specName,
    Map<String, String> attributes,
    String fsType,
    String accessMode,
    List<String> mountOptions,
    boolean readOnly,
    Optional<SecretReference> publishSecret,
    Optional<Claimed> claim) {

  private static final String READ_WRITE_ONCE = "ReadWriteOnce";

  /** The volume and the claim that it is bound to. */
  record Claimed(PersistentVolume volume, PersistentVolumeClaim claim) {

    CSIPersistentVolumeSource source() {
      return volume.getSpec().getCsi();
    }
  }

  public CsiVolume {
    attributes = Map.copyOf(attributes);
    mountOptions = List.copyOf(mountOptions);
  }

  /** One that lives and dies with its pod. */
  public static CsiVolume inline(Pod pod, Volume volume) {
    CSIVolumeSource source = volume.getCsi();
    String podUid = pod.getMetadata().getUid();
    return new CsiVolume(
        source.getDriver(),
        Names.hashed(podUid + volume.getName()),
        volume.getName(),
        orEmpty(source.getVolumeAttributes()),
        orEmpty(source.getFsType()),
        READ_WRITE_ONCE,
        List.of(),
        Boolean.TRUE.equals(source.getReadOnly()),
        Optional.ofNullable(source.getNodePublishSecretRef())
            .map(secret -> new SecretReference(secret.getName(), pod.getMetadata().getNamespace())),
        Optional.empty());
  }

  /**
   * One behind a claim.
   *
   * @param readOnly whether the pod only reads it
   */
  public static CsiVolume claimed(
      PersistentVolume volume, PersistentVolumeClaim claim, boolean readOnly) {
    var spec = volume.getSpec();
    CSIPersistentVolumeSource source = spec.getCsi();
    return new CsiVolume(
        source.getDriver(),
        source.getVolumeHandle(),
        volume.getMetadata().getName(),
        orEmpty(source.getVolumeAttributes()),
        orEmpty(source.getFsType()),
        spec.getAccessModes().isEmpty() ? READ_WRITE_ONCE : spec.getAccessModes().getFirst(),
        spec.getMountOptions(),
        readOnly,
        Optional.ofNullable(source.getNodePublishSecretRef()),
        Optional.of(new Claimed(volume, claim)));
  }

  boolean isEphemeral() {
    return claim.isEmpty();
  }

  /** Whether it is a device rather than a file system; one that is its pod's alone never is. */
  boolean isBlockDevice() {
    return claim
        .filter(claimed -> "Block".equals(claimed.volume().getSpec().getVolumeMode()))
        .isPresent();
  }

  /** As a node's status names it where it tells what is in use. */
  String uniqueName() {
    return VolumeRecord.key(driver, handle);
  }

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
