package dev.shiplog.agent.csi;

import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.csi.grpc.Csi.NodeGetVolumeStatsRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeGetVolumeStatsResponse;
import dev.shiplog.agent.csi.grpc.Csi.NodeServiceCapability.RPC;
import dev.shiplog.agent.csi.grpc.Csi.VolumeUsage;
import dev.shiplog.agent.runtime.FsStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/** How full volumes are, as far as their drivers tell. Blocks; safe for use by many threads. */
record VolumeFill(CsiPaths paths, Drivers drivers) {

  private static final Logger LOG = Logger.getLogger(VolumeFill.class);

  /** Of the volume that is mounted there for a pod; empty if it is not, or nobody tells. */
  Optional<FsStats> of(Path target) {
    try {
      Optional<VolumeRecord> record = VolumeRecord.read(target.getParent());
      if (record.isEmpty()) {
        return Optional.empty();
      }
      Driver driver = drivers.require(record.get().driver());
      return driver.can(RPC.Type.GET_VOLUME_STATS)
          ? Optional.of(stats(driver.stats(request(record.get(), target))))
          : Optional.empty();
    } catch (IOException | PodConfigException e) {
      LOG.debugf("%s cannot be measured: %s", target, e.getMessage());
      return Optional.empty();
    }
  }

  private NodeGetVolumeStatsRequest request(VolumeRecord record, Path target) {
    var request =
        NodeGetVolumeStatsRequest.newBuilder()
            .setVolumeId(record.handle())
            .setVolumePath(target.toString());
    Path staging = CsiPaths.globalMount(paths.staging(record.driver(), record.handle()));
    if (Files.isDirectory(staging)) {
      request.setStagingTargetPath(staging.toString());
    }
    return request.build();
  }

  private static FsStats stats(NodeGetVolumeStatsResponse response) {
    VolumeUsage bytes = of(response, VolumeUsage.Unit.BYTES);
    VolumeUsage inodes = of(response, VolumeUsage.Unit.INODES);
    return new FsStats(
        bytes.getAvailable(),
        bytes.getTotal(),
        bytes.getUsed(),
        inodes.getTotal(),
        inodes.getAvailable(),
        inodes.getUsed());
  }

  private static VolumeUsage of(NodeGetVolumeStatsResponse response, VolumeUsage.Unit unit) {
    return response.getUsageList().stream()
        .filter(usage -> usage.getUnit() == unit)
        .findFirst()
        .orElse(VolumeUsage.getDefaultInstance());
  }
}
