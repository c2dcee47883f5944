package dev.shiplog.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.scheduler.model.Volumes.Claim;
import dev.shiplog.scheduler.model.Volumes.Volume;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads claims, volumes and storage classes as they are stored. */
public final class VolumeReader {

  private static final List<String> TOPOLOGY_KEYS =
      List.of(
          "topology.kubernetes.io/zone",
          "topology.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region");

  private VolumeReader() {}

  /** A v1 PersistentVolumeClaim; it counts as bound once its status says so. */
  public static Claim claim(JsonNode claim) {
    JsonNode spec = claim.path("spec");
    boolean bound = claim.path("status").path("phase").asText().equals("Bound");
    return new Claim(
        bound ? spec.path("volumeName").asText() : "",
        spec.path("storageClassName").asText(),
        Fields.list(spec.path("accessModes"), JsonNode::asText).contains("ReadWriteOncePod"),
        claim.path("metadata").hasNonNull("deletionTimestamp"));
  }

  /** A v1 PersistentVolume. */
  public static Volume volume(JsonNode volume) {
    JsonNode required = volume.path("spec").path("nodeAffinity").path("required");
    Map<String, Set<String>> topology = new HashMap<>();
    Map<String, String> labels = Fields.strings(volume.path("metadata").path("labels"));
    for (String key : TOPOLOGY_KEYS) {
      if (labels.containsKey(key)) {
        topology.put(key, Set.of(labels.get(key).split("__")));
      }
    }
    NodeAffinity access =
        required.isObject()
            ? new NodeAffinity(Map.of(), PodReader.terms(required), List.of())
            : NodeAffinity.NONE;
    return new Volume(access, topology);
  }

  /** True if claims of a storage.k8s.io/v1 StorageClass wait for their first consumer. */
  public static boolean waitsForConsumer(JsonNode storageClass) {
    return storageClass.path("volumeBindingMode").asText().equals("WaitForFirstConsumer");
  }
}
