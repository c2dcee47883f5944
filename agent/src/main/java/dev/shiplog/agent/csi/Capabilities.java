package dev.shiplog.agent.csi;

import dev.shiplog.agent.csi.grpc.Csi.NodeServiceCapability.RPC;
import dev.shiplog.agent.csi.grpc.Csi.VolumeCapability;
import dev.shiplog.agent.csi.grpc.Csi.VolumeCapability.AccessMode;
import dev.shiplog.agent.csi.grpc.Csi.VolumeCapability.AccessMode.Mode;
import dev.shiplog.agent.csi.grpc.Csi.VolumeCapability.BlockVolume;
import dev.shiplog.agent.csi.grpc.Csi.VolumeCapability.MountVolume;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** How a pod is going to use a volume, in the words of the interface to drivers. */
final class Capabilities {

  private Capabilities() {}

  static VolumeCapability of(CsiVolume volume, Pod pod, Driver driver) {
    var capability =
        VolumeCapability.newBuilder()
            .setAccessMode(AccessMode.newBuilder().setMode(mode(volume.accessMode(), driver)));
    return volume.isBlockDevice()
        ? capability.setBlock(BlockVolume.getDefaultInstance()).build()
        : capability.setMount(mount(volume, pod, driver)).build();
  }

  private static MountVolume.Builder mount(CsiVolume volume, Pod pod, Driver driver) {
    MountVolume.Builder mount =
        MountVolume.newBuilder().setFsType(volume.fsType()).addAllMountFlags(volume.mountOptions());
    if (driver.can(RPC.Type.VOLUME_MOUNT_GROUP)) {
      group(pod).ifPresent(group -> mount.setVolumeMountGroup(Long.toString(group)));
    }
    return mount;
  }

  static Optional<Long> group(Pod pod) {
    var security = pod.getSpec().getSecurityContext();
    return security == null ? Optional.empty() : Optional.ofNullable(security.getFsGroup());
  }

  private static Mode mode(String accessMode, Driver driver) {
    boolean tellsApart = driver.can(RPC.Type.SINGLE_NODE_MULTI_WRITER);
    return switch (accessMode) {
      case "ReadWriteOnce" -> tellsApart ? Mode.SINGLE_NODE_MULTI_WRITER : Mode.SINGLE_NODE_WRITER;
      case "ReadWriteOncePod" ->
          tellsApart ? Mode.SINGLE_NODE_SINGLE_WRITER : Mode.SINGLE_NODE_WRITER;
      case "ReadOnlyMany" -> Mode.MULTI_NODE_READER_ONLY;
      case "ReadWriteMany" -> Mode.MULTI_NODE_MULTI_WRITER;
      default -> Mode.UNKNOWN;
    };
  }
}
