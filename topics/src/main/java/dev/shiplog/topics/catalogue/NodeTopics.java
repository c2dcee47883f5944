package dev.shiplog.topics.catalogue;

import java.util.List;

/** What of the log a node reads: it may read these topics and write none. */
public final class NodeTopics {

  /** Services, for the proxy, the names and the environment of pods. */
  public static final StorageResource SERVICES = StorageResource.of("services", "");

  /** Where services lead. */
  public static final StorageResource ENDPOINT_SLICES =
      StorageResource.of("endpointslices", "discovery.k8s.io");

  /** Network policies, which the node enforces; whom they name it finds in the two below. */
  public static final StorageResource NETWORK_POLICIES =
      StorageResource.of("networkpolicies", "networking.k8s.io");

  public static final StorageResource PODS = StorageResource.of("pods", "");

  public static final StorageResource NAMESPACES = StorageResource.of("namespaces", "");

  /** Which node has which pods' addresses. */
  public static final StorageResource NODES = StorageResource.of("nodes", "");

  private NodeTopics() {}

  /** The names of all topics that a node reads. */
  public static List<String> read(TopicNames names) {
    return List.of(
        names.assignments(),
        names.store(SERVICES),
        names.store(ENDPOINT_SLICES),
        names.store(NETWORK_POLICIES),
        names.store(PODS),
        names.store(NAMESPACES),
        names.store(NODES));
  }
}
