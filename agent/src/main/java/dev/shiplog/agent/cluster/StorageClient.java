package dev.shiplog.agent.cluster;

import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSINode;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import java.util.Optional;

/**
 * What a node asks and tells the API server about storage drivers. Blocks, and throws, as {@link
 * ClusterClient} does.
 */
public interface StorageClient {

  /** What the cluster knows of a driver; empty if nobody has told it of one. */
  Optional<CSIDriver> csiDriver(String name);

  Optional<CSINode> csiNode(String name);

  CSINode createCsiNode(CSINode node);

  /** Replaces it; refused with Conflict if it is not at its resourceVersion any more. */
  CSINode updateCsiNode(CSINode node);

  /** Whether a volume is attached to this node; empty too if it is none of this node's. */
  Optional<VolumeAttachment> volumeAttachment(String name);

  /**
   * Changes a claim's status by a merge patch.
   *
   * @param status JSON of the fields to set; null removes one
   */
  void patchClaimStatus(String namespace, String name, String status);
}
