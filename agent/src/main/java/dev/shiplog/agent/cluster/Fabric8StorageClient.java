package dev.shiplog.agent.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSINode;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import java.util.function.Supplier;

/** The part of {@link Fabric8ClusterClient} that is about storage drivers. */
final class Fabric8StorageClient implements StorageClient {

  private static final int FORBIDDEN = 403;

  private final Supplier<KubernetesClient> clients;
  private final Caller caller;

  /** Sends requests as the whole client does, and judges their failures. */
  @FunctionalInterface
  interface Caller {
    <T> T call(Supplier<T> request);
  }

  Fabric8StorageClient(Supplier<KubernetesClient> clients, Caller caller) {
    this.clients = clients;
    this.caller = caller;
  }

  @Override
  public Optional<CSIDriver> csiDriver(String name) {
    return find(CSIDriver.class, name);
  }

  @Override
  public Optional<CSINode> csiNode(String name) {
    return find(CSINode.class, name);
  }

  @Override
  public CSINode createCsiNode(CSINode node) {
    return caller.call(() -> clients.get().resource(node).create());
  }

  @Override
  public CSINode updateCsiNode(CSINode node) {
    return caller.call(() -> clients.get().resource(node).update());
  }

  @Override
  public Optional<VolumeAttachment> volumeAttachment(String name) {
    try {
      return find(VolumeAttachment.class, name);
    } catch (ClusterRefusedException e) {
      // A node may ask for its own; of one that is not there nobody can say whose it is.
      if (e.code() == FORBIDDEN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private <T extends HasMetadata> Optional<T> find(Class<T> type, String name) {
    return Optional.ofNullable(
        caller.call(() -> clients.get().resources(type).withName(name).get()));
  }

  @Override
  public void patchClaimStatus(String namespace, String name, String status) {
    String path = "/api/v1/namespaces/" + namespace + "/persistentvolumeclaims/" + name + "/status";
    byte[] _ =
        caller.call(() ->
            new PlainRequests(clients.get())
                .send("PATCH", path, PlainRequests.MERGE_PATCH, "{\"status\":" + status + "}"));
  }
}
