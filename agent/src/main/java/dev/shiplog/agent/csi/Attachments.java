package dev.shiplog.agent.csi;

import dev.shiplog.agent.cluster.StorageClient;
import dev.shiplog.agent.container.PodConfigException;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import java.util.Map;

/**
 * Whether volumes are attached to this node, which others see to: the attach/detach controller asks
 * for it, and the driver's own controller does it. Blocks; safe for use by many threads.
 */
record Attachments(String node, StorageClient cluster) {

  /**
   * What the driver has to know of the attachment.
   *
   * @throws PodConfigException as long as the volume is not attached
   */
  Map<String, String> require(CsiVolume volume) {
    String name = Names.attachment(volume.handle(), volume.driver(), node);
    VolumeAttachment attachment =
        cluster
            .volumeAttachment(name)
            .orElseThrow(() ->
                new PodConfigException(
                    "volume %s waits to be attached to this node; there is no VolumeAttachment %s yet"
                        .formatted(volume.handle(), name)));
    if (attachment.getMetadata().getDeletionTimestamp() != null) {
      throw new PodConfigException("volume attachment is being deleted");
    }
    var status = attachment.getStatus();
    if (status == null || !Boolean.TRUE.equals(status.getAttached())) {
      throw new PodConfigException(
          status != null && status.getAttachError() != null
              ? "AttachVolume.Attach failed for volume \"%s\" : %s"
                  .formatted(volume.specName(), status.getAttachError().getMessage())
              : "volume %s waits to be attached to this node".formatted(volume.handle()));
    }
    return status.getAttachmentMetadata() == null ? Map.of() : status.getAttachmentMetadata();
  }
}
