package dev.shiplog.agent.csi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.agent.cluster.StorageClient;
import dev.shiplog.agent.csi.CsiVolume.Claimed;
import dev.shiplog.agent.csi.grpc.Csi.CapacityRange;
import dev.shiplog.agent.csi.grpc.Csi.NodeExpandVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeServiceCapability.RPC;
import dev.shiplog.topics.record.Json;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimCondition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The last part of a volume's growth: its file system takes the room that the volume was given, and
 * the claim says so. Blocks; safe for use by many threads.
 */
record Expansion(StorageClient cluster, VolumeContext context) {

  private static final String STORAGE = "storage";

  /** Conditions that tell of a growth under way or gone wrong. */
  private static final Set<String> OF_GROWTH =
      Set.of("Resizing", "FileSystemResizePending", "ControllerResizeError", "NodeResizeError");

  /** Does nothing for a volume whose claim has all of it. */
  void fillIfGrown(CsiVolume volume, Driver driver, Pod pod, Path target, Optional<Path> staging) {
    Optional<Claimed> grown = volume.claim().filter(Expansion::hasGrown);
    if (grown.isEmpty() || volume.readOnly()) {
      return;
    }
    Quantity size = capacity(grown.get().volume().getSpec().getCapacity());
    if (driver.can(RPC.Type.EXPAND_VOLUME)) {
      var _ =
          driver.expand(
              NodeExpandVolumeRequest.newBuilder()
                  .setVolumeId(volume.handle())
                  .setVolumePath(target.toString())
                  .setStagingTargetPath(staging.map(Path::toString).orElse(""))
                  .setCapacityRange(
                      CapacityRange.newBuilder()
                          .setRequiredBytes(size.getNumericalAmount().longValue()))
                  .setVolumeCapability(Capabilities.of(volume, pod, driver))
                  .putAllSecrets(
                      context.secrets(
                          Optional.ofNullable(grown.get().source().getNodeExpandSecretRef())))
                  .build());
    }
    tell(grown.get(), size);
  }

  private static boolean hasGrown(Claimed claimed) {
    PersistentVolumeClaimStatus status = claimed.claim().getStatus();
    Quantity has = status == null ? null : capacity(status.getCapacity());
    Quantity volume = capacity(claimed.volume().getSpec().getCapacity());
    return has != null
        && volume != null
        && volume.getNumericalAmount().compareTo(has.getNumericalAmount()) > 0;
  }

  private static Quantity capacity(Map<String, Quantity> capacity) {
    return capacity == null ? null : capacity.get(STORAGE);
  }

  private void tell(Claimed claimed, Quantity size) {
    ObjectNode status = Json.MAPPER.createObjectNode();
    status.putObject("capacity").put(STORAGE, size.toString());
    status.putObject("allocatedResourceStatuses").putNull(STORAGE);
    List<PersistentVolumeClaimCondition> left =
        claimed.claim().getStatus().getConditions().stream()
            .filter(condition -> !OF_GROWTH.contains(condition.getType()))
            .toList();
    status.set("conditions", Json.MAPPER.valueToTree(left));
    var meta = claimed.claim().getMetadata();
    cluster.patchClaimStatus(meta.getNamespace(), meta.getName(), status.toString());
  }
}
