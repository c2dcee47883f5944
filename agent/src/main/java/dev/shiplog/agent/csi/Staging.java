package dev.shiplog.agent.csi;

import dev.shiplog.agent.csi.grpc.Csi.NodeServiceCapability.RPC;
import dev.shiplog.agent.csi.grpc.Csi.NodeStageVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeUnstageVolumeRequest;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The part of a volume that all pods of the node share: there from the first pod that uses it to
 * the last. Blocks; its caller sees to it that one thread at a time is about one volume.
 */
final class Staging {

  private final CsiPaths paths;
  private final VolumeContext context;
  private final Set<Path> staged = ConcurrentHashMap.newKeySet();

  Staging(CsiPaths paths, VolumeContext context) {
    this.paths = paths;
    this.context = context;
  }

  /** Where the volume is, or would be, staged; empty if it is not to be. */
  Optional<Path> path(CsiVolume volume, Driver driver) {
    return volume.isEphemeral() || !driver.can(RPC.Type.STAGE_UNSTAGE_VOLUME)
        ? Optional.empty()
        : Optional.of(CsiPaths.globalMount(paths.staging(volume.driver(), volume.handle())));
  }

  /** Stages the volume, unless it is; empty if it is not to be. */
  Optional<Path> stage(
      CsiVolume volume, VolumeRecord record, Driver driver, Pod pod, Map<String, String> attachment)
      throws IOException {
    Optional<Path> path = path(volume, driver);
    if (path.isEmpty() || staged.contains(path.get())) {
      return path;
    }
    record.write(paths.staging(volume.driver(), volume.handle()));
    Files.createDirectories(path.get());
    driver.stage(
        NodeStageVolumeRequest.newBuilder()
            .setVolumeId(volume.handle())
            .putAllPublishContext(attachment)
            .setStagingTargetPath(path.get().toString())
            .setVolumeCapability(Capabilities.of(volume, pod, driver))
            .putAllSecrets(
                context.secrets(
                    volume.claim().map(claimed -> claimed.source().getNodeStageSecretRef())))
            .putAllVolumeContext(volume.attributes())
            .build());
    staged.add(path.get());
    return path;
  }

  /** Undoes the staging if no pod of the node uses the volume. */
  void unstageIfUnused(VolumeRecord record, Driver driver) throws IOException {
    Path directory = paths.staging(record.driver(), record.handle());
    if (!Files.exists(directory) || isUsed(record.key(), "")) {
      return;
    }
    Path path = CsiPaths.globalMount(directory);
    driver.unstage(
        NodeUnstageVolumeRequest.newBuilder()
            .setVolumeId(record.handle())
            .setStagingTargetPath(path.toString())
            .build());
    staged.remove(path);
    CsiMounts.removeEmpty(path);
    VolumeRecord.remove(directory);
  }

  /** Whether another pod of the node uses the volume. */
  boolean isUsed(String key, String exceptPodUid) throws IOException {
    for (String podUid : paths.podUids()) {
      if (!podUid.equals(exceptPodUid) && isUsedBy(podUid, key)) {
        return true;
      }
    }
    return false;
  }

  private boolean isUsedBy(String podUid, String key) throws IOException {
    for (Path directory : paths.volumesOf(podUid)) {
      if (VolumeRecord.read(directory).filter(record -> record.key().equals(key)).isPresent()) {
        return true;
      }
    }
    return false;
  }
}
