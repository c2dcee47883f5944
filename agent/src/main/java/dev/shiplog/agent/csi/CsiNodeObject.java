package dev.shiplog.agent.csi;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.cluster.ClusterRefusedException;
import dev.shiplog.agent.csi.grpc.Csi.NodeGetInfoResponse;
import dev.shiplog.topics.record.Json;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.storage.CSINode;
import io.fabric8.kubernetes.api.model.storage.CSINodeBuilder;
import io.fabric8.kubernetes.api.model.storage.CSINodeDriver;
import io.fabric8.kubernetes.api.model.storage.CSINodeDriverBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the cluster is told of a node's drivers: the CSINode of its name, and the node's own labels
 * and annotation. Blocks; used by one thread at a time.
 */
final class CsiNodeObject {

  private static final String NODE_IDS = "csi.volume.kubernetes.io/nodeid";

  private final Node node;
  private final ClusterClient cluster;

  /**
   * For a node that is registered.
   *
   * @param node with its uid
   */
  CsiNodeObject(Node node, ClusterClient cluster) {
    this.node = node;
    this.cluster = cluster;
  }

  private String name() {
    return node.getMetadata().getName();
  }

  /** Makes the CSINode, unless it is there: schedulers take a node without one for a new one. */
  CSINode ensure() {
    return cluster.storage().csiNode(name()).orElseGet(this::create);
  }

  /**
   * Makes the CSINode without asking first whether it is there.
   *
   * @return false while there is one of an earlier node of that name, which is about to go with it
   */
  boolean make() {
    String owner = node.getMetadata().getUid();
    return create().getMetadata().getOwnerReferences().stream()
        .anyMatch(reference -> owner.equals(reference.getUid()));
  }

  private CSINode create() {
    try {
      return cluster.storage().createCsiNode(empty());
    } catch (ClusterRefusedException e) {
      if (e.isConflict()) {
        return cluster.storage().csiNode(name()).orElseThrow(() -> e);
      }
      throw e;
    }
  }

  private CSINode empty() {
    CSINode empty =
        new CSINodeBuilder()
            .withNewMetadata()
            .withName(name())
            .withOwnerReferences(
                new OwnerReferenceBuilder()
                    .withApiVersion("v1")
                    .withKind("Node")
                    .withName(name())
                    .withUid(node.getMetadata().getUid())
                    .build())
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();
    empty.getSpec().setAdditionalProperty("drivers", List.of());
    return empty;
  }

  void install(String driver, NodeGetInfoResponse info) {
    if (info.getNodeId().isEmpty()) {
      throw new IllegalArgumentException("the driver gives the node no id");
    }
    Map<String, String> topology = info.getAccessibleTopology().getSegmentsMap();
    Node current = cluster.node(name()).orElse(node);
    requireNoOther(topology, current);
    Map<String, String> ids = nodeIds(current);
    ids.put(driver, info.getNodeId());
    patch(topology, new String(Json.bytes(ids), StandardCharsets.UTF_8));
    CSINode known = ensure();
    CSINodeDriver wanted = entry(driver, info);
    if (!known.getSpec().getDrivers().contains(wanted)) {
      replace(known, driver, List.of(wanted));
    }
  }

  void uninstall(String driver) {
    CSINode known = ensure();
    if (known.getSpec().getDrivers().stream().anyMatch(each -> each.getName().equals(driver))) {
      replace(known, driver, List.of());
    }
    Map<String, String> ids = nodeIds(cluster.node(name()).orElse(node));
    if (ids.remove(driver) != null) {
      patch(Map.of(), ids.isEmpty() ? null : new String(Json.bytes(ids), StandardCharsets.UTF_8));
    }
  }

  private static CSINodeDriver entry(String driver, NodeGetInfoResponse info) {
    var entry =
        new CSINodeDriverBuilder()
            .withName(driver)
            .withNodeID(info.getNodeId())
            .withTopologyKeys(
                info.getAccessibleTopology().getSegmentsMap().keySet().stream().sorted().toList());
    if (info.getMaxVolumesPerNode() > 0) {
      int count = (int) Math.min(info.getMaxVolumesPerNode(), Integer.MAX_VALUE);
      entry.withNewAllocatable(count);
    }
    return entry.build();
  }

  private void replace(CSINode known, String driver, List<CSINodeDriver> by) {
    List<CSINodeDriver> drivers = new ArrayList<>(known.getSpec().getDrivers());
    drivers.removeIf(each -> each.getName().equals(driver));
    drivers.addAll(by);
    CSINode changed =
        new CSINodeBuilder(known).withNewSpec().withDrivers(drivers).endSpec().build();
    if (drivers.isEmpty()) {
      changed.getSpec().setAdditionalProperty("drivers", List.of());
    }
    var _ = cluster.storage().updateCsiNode(changed);
  }

  /** A label that says something else is not the driver's to change. */
  private static void requireNoOther(Map<String, String> topology, Node current) {
    Map<String, String> labels = current.getMetadata().getLabels();
    topology.forEach((key, value) -> {
      String has = labels == null ? null : labels.get(key);
      if (has != null && !has.equals(value)) {
        throw new IllegalArgumentException(
            "detected topology value collision: driver reported \"%s\":\"%s\" but existing label is \"%s\":\"%s\""
                .formatted(key, value, key, has));
      }
    });
  }

  private static Map<String, String> nodeIds(Node current) {
    Map<String, String> annotations = current.getMetadata().getAnnotations();
    String ids = annotations == null ? null : annotations.get(NODE_IDS);
    try {
      return ids == null || ids.isEmpty()
          ? new TreeMap<>()
          : new TreeMap<>(Json.MAPPER.readValue(ids, new TypeReference<Map<String, String>>() {}));
    } catch (IOException e) {
      throw new UncheckedIOException("the node's annotation " + NODE_IDS, e);
    }
  }

  /** Null removes the annotation. */
  private void patch(Map<String, String> labels, String ids) {
    Map<String, String> annotations = new HashMap<>();
    annotations.put(NODE_IDS, ids);
    var _ =
        cluster.patchNode(
            name(),
            new NodeBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .withAnnotations(annotations)
                .endMetadata()
                .build());
  }
}
