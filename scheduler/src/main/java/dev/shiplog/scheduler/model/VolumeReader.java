package dev.shiplog.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.scheduler.model.Volumes.Capacity;
import dev.shiplog.scheduler.model.Volumes.Claim;
import dev.shiplog.scheduler.model.Volumes.Offer;
import dev.shiplog.scheduler.model.Volumes.StorageClass;
import dev.shiplog.scheduler.model.Volumes.Volume;
import dev.shiplog.scheduler.model.Volumes.Wanted;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what has to do with volumes as it is stored. */
public final class VolumeReader {

  /** On a claim: the node for which a volume is to be made. */
  public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  private static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";
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
    JsonNode annotations = claim.path("metadata").path("annotations");
    boolean bound = claim.path("status").path("phase").asText().equals("Bound");
    Set<String> modes = modes(spec);
    JsonNode selector = spec.path("selector");
    return new Claim(
        claim.path("metadata").path("uid").asText(),
        bound ? spec.path("volumeName").asText() : "",
        storageClass(annotations, spec),
        modes.contains("ReadWriteOncePod"),
        claim.path("metadata").hasNonNull("deletionTimestamp"),
        new Wanted(
            bytes(spec.path("resources").path("requests")),
            modes,
            isBlock(spec),
            selector.isObject() ? Fields.labelSelector(selector) : LabelSelector.EVERYTHING),
        annotations.path(SELECTED_NODE).asText());
  }

  /** A v1 PersistentVolume. */
  public static Volume volume(JsonNode volume) {
    JsonNode metadata = volume.path("metadata");
    JsonNode spec = volume.path("spec");
    Map<String, String> labels = Fields.strings(metadata.path("labels"));
    JsonNode claim = spec.path("claimRef");
    return new Volume(
        metadata.path("uid").asText(),
        metadata.path("resourceVersion").asLong(),
        access(spec.path("nodeAffinity").path("required")),
        topology(labels),
        storageClass(metadata.path("annotations"), spec),
        new Offer(bytes(spec.path("capacity")), modes(spec), isBlock(spec), labels),
        claim.isObject()
            ? claim.path("namespace").asText() + "/" + claim.path("name").asText()
            : "",
        claim.path("uid").asText(),
        metadata.hasNonNull("deletionTimestamp"),
        spec.path("csi").path("driver").asText(),
        spec.path("csi").path("volumeHandle").asText());
  }

  private static NodeAffinity access(JsonNode required) {
    return required.isObject()
        ? new NodeAffinity(Map.of(), PodReader.terms(required), List.of())
        : NodeAffinity.NONE;
  }

  private static Map<String, Set<String>> topology(Map<String, String> labels) {
    Map<String, Set<String>> topology = new HashMap<>();
    for (String key : TOPOLOGY_KEYS) {
      if (labels.containsKey(key)) {
        topology.put(key, Set.of(labels.get(key).split("__")));
      }
    }
    return topology;
  }

  private static String storageClass(JsonNode annotations, JsonNode spec) {
    JsonNode old = annotations.path(OLD_CLASS);
    return old.isMissingNode() ? spec.path("storageClassName").asText() : old.asText();
  }

  private static Set<String> modes(JsonNode spec) {
    return new HashSet<>(Fields.list(spec.path("accessModes"), JsonNode::asText));
  }

  private static boolean isBlock(JsonNode spec) {
    return spec.path("volumeMode").asText().equals("Block");
  }

  private static long bytes(JsonNode amounts) {
    return Quantities.units(amounts.path("storage").asText("0"));
  }

  /** A storage.k8s.io/v1 StorageClass. */
  public static StorageClass storageClass(JsonNode storageClass) {
    return new StorageClass(
        storageClass.path("volumeBindingMode").asText().equals("WaitForFirstConsumer"),
        storageClass.path("provisioner").asText(),
        Fields.list(storageClass.path("allowedTopologies"), VolumeReader::topologyTerm));
  }

  private static Map<String, Set<String>> topologyTerm(JsonNode term) {
    Map<String, Set<String>> labels = new HashMap<>();
    for (JsonNode expression : term.path("matchLabelExpressions")) {
      Set<String> values = new HashSet<>(Fields.list(expression.path("values"), JsonNode::asText));
      labels.merge(
          expression.path("key").asText(),
          values,
          (some, others) -> {
            some.retainAll(others);
            return some;
          });
    }
    return labels;
  }

  /** A storage.k8s.io/v1 CSIStorageCapacity; without amounts it tells of no room. */
  public static Capacity capacity(JsonNode capacity) {
    JsonNode nodes = capacity.path("nodeTopology");
    JsonNode largest =
        capacity.hasNonNull("maximumVolumeSize")
            ? capacity.path("maximumVolumeSize")
            : capacity.path("capacity");
    return new Capacity(
        capacity.path("storageClassName").asText(),
        nodes.isObject() ? Fields.labelSelector(nodes) : null,
        Quantities.units(largest.asText("0")));
  }

  /** Whether a storage.k8s.io/v1 CSIDriver tells how much room it has for new volumes. */
  public static boolean tellsCapacity(JsonNode driver) {
    return driver.path("spec").path("storageCapacity").asBoolean();
  }

  /** The limits of a storage.k8s.io/v1 CSINode, by driver. */
  public static Map<String, Integer> limits(JsonNode csiNode) {
    Map<String, Integer> limits = new HashMap<>();
    for (JsonNode driver : csiNode.path("spec").path("drivers")) {
      JsonNode count = driver.path("allocatable").path("count");
      if (count.isNumber()) {
        limits.put(driver.path("name").asText(), count.asInt());
      }
    }
    return limits;
  }
}
