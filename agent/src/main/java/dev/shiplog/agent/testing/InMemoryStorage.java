package dev.shiplog.agent.testing;

import dev.shiplog.agent.cluster.ClusterRefusedException;
import dev.shiplog.agent.cluster.StorageClient;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSINode;
import io.fabric8.kubernetes.api.model.storage.CSINodeBuilder;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What an API server in memory knows of storage drivers. Safe for use by many threads; everything
 * is guarded by this.
 */
public final class InMemoryStorage implements StorageClient {

  private static final int CONFLICT = 409;

  private final Map<String, CSIDriver> drivers = new HashMap<>();
  private final Map<String, CSINode> nodes = new HashMap<>();
  private final Map<String, VolumeAttachment> attachments = new HashMap<>();
  private final List<String> claimStatuses = new ArrayList<>();
  private long revision = 1;

  public synchronized void put(CSIDriver driver) {
    drivers.put(driver.getMetadata().getName(), driver);
  }

  public synchronized void put(VolumeAttachment attachment) {
    attachments.put(attachment.getMetadata().getName(), attachment);
  }

  /** Removes one without asking anybody, as the garbage collector does. */
  public synchronized void removeCsiNode(String name) {
    nodes.remove(name);
  }

  /** What was told of claims, each as {@code namespace/name status}. */
  public synchronized List<String> claimStatuses() {
    return List.copyOf(claimStatuses);
  }

  @Override
  public synchronized Optional<CSIDriver> csiDriver(String name) {
    return Optional.ofNullable(drivers.get(name));
  }

  @Override
  public synchronized Optional<CSINode> csiNode(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  @Override
  public synchronized CSINode createCsiNode(CSINode node) {
    if (nodes.containsKey(node.getMetadata().getName())) {
      throw new ClusterRefusedException(CONFLICT, "the name is taken", null);
    }
    return keep(node);
  }

  @Override
  public synchronized CSINode updateCsiNode(CSINode node) {
    String known = nodes.get(node.getMetadata().getName()).getMetadata().getResourceVersion();
    if (!Objects.equals(known, node.getMetadata().getResourceVersion())) {
      throw new ClusterRefusedException(CONFLICT, "the object has been modified", null);
    }
    return keep(node);
  }

  private CSINode keep(CSINode node) {
    CSINode kept =
        new CSINodeBuilder(node)
            .editMetadata()
            .withResourceVersion(Long.toString(revision++))
            .endMetadata()
            .build();
    nodes.put(node.getMetadata().getName(), kept);
    return kept;
  }

  @Override
  public synchronized Optional<VolumeAttachment> volumeAttachment(String name) {
    return Optional.ofNullable(attachments.get(name));
  }

  @Override
  public synchronized void patchClaimStatus(String namespace, String name, String status) {
    claimStatuses.add(namespace + "/" + name + " " + status);
  }
}
