package dev.shiplog.agent.files;

import dev.shiplog.agent.csi.CsiMounts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The entries of pods' volumes: a directory that is the volume, or a link to what a claim leads to.
 * A link goes with the pod; what it leads to stays.
 */
record VolumeEntries(PodDirectories directories) {

  /** A pod's volumes. */
  static List<Volume> of(Pod pod) {
    return pod.getSpec().getVolumes() == null ? List.of() : pod.getSpec().getVolumes();
  }

  /** Name of the claim behind the volume, if there is one. */
  static Optional<String> claim(Pod pod, Volume volume) {
    if (volume.getPersistentVolumeClaim() != null) {
      return Optional.of(volume.getPersistentVolumeClaim().getClaimName());
    }
    return volume.getEphemeral() == null
        ? Optional.empty()
        : Optional.of(pod.getMetadata().getName() + "-" + volume.getName());
  }

  /** Where the volume's entry is; a path of the host has none and is meant itself. */
  Path path(Pod pod, Volume volume) {
    return volume.getHostPath() != null
        ? Path.of(volume.getHostPath().getPath())
        : directories.volume(pod.getMetadata().getUid(), volume.getName());
  }

  /** Where the volume lies. Runtimes are told of no links: they need not follow them. */
  Path target(Pod pod, Volume volume) {
    return target(path(pod, volume));
  }

  static Path target(Path entry) {
    return DiskAccess.io(() -> Files.isSymbolicLink(entry) ? Files.readSymbolicLink(entry) : entry);
  }

  /** Whether the entry is a link to what a driver mounted. */
  static boolean isOfDriver(Path entry) {
    return Files.isSymbolicLink(entry) && CsiMounts.isTarget(target(entry));
  }

  /** Makes the entry of a volume that lies elsewhere. */
  static void link(Path entry, Path target) throws IOException {
    Files.createDirectories(entry.getParent());
    Files.createSymbolicLink(entry, target);
  }

  /**
   * Remembers that a claim of the pod led to a path of the host: nothing else tells it from a disk.
   */
  void noteHostPath(Pod pod, Volume volume) throws IOException {
    Files.createDirectories(hostPath(pod, volume));
  }

  /** Whether the volume is a path of the host, by itself or behind a claim. */
  boolean isHostPath(Pod pod, Volume volume) {
    return volume.getHostPath() != null || Files.exists(hostPath(pod, volume));
  }

  private Path hostPath(Pod pod, Volume volume) {
    return directories.hostPaths(pod.getMetadata().getUid()).resolve(volume.getName());
  }
}
