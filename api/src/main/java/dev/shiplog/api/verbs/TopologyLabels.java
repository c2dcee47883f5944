package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.Map;

/**
 * The zone and region of a node go onto the pods that are bound to it, so that a pod can be told
 * where it runs; labels that the Binding itself brings go before them.
 */
final class TopologyLabels {

  private static final StorageResource NODES = StorageResource.of("nodes", "");
  private static final List<String> KEYS =
      List.of("topology.kubernetes.io/region", "topology.kubernetes.io/zone");

  private TopologyLabels() {}

  static void copy(String node, ObjectNode pod, JsonNode binding, Snapshot state) {
    Map<String, String> labels =
        state.get(new ObjectKey(NODES, "", node)).map(StoredObject::labels).orElse(Map.of());
    for (String key : KEYS) {
      if (labels.containsKey(key) && !binding.path("labels").has(key)) {
        Meta.of(pod).withObject("/labels").put(key, labels.get(key));
      }
    }
  }
}
