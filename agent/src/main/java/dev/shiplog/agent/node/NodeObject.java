package dev.shiplog.agent.node;

import dev.shiplog.agent.runtime.ImageInfo;
import io.fabric8.kubernetes.api.model.ContainerImage;
import io.fabric8.kubernetes.api.model.ContainerImageBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.NodeSystemInfo;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The Node as its agent sees it: pure functions from settings and health to the object. */
final class NodeObject {

  /** As many as the kubelet lists: enough for the scheduler's image locality. */
  private static final int IMAGES_LISTED = 50;

  /** Without it, the attach/detach controller leaves the node alone. */
  static final String ATTACHED_BY_CONTROLLER =
      "volumes.kubernetes.io/controller-managed-attach-detach";

  private final NodeSettings settings;
  private final NodeSystemInfo systemInfo;

  NodeObject(NodeSettings settings, NodeSystemInfo systemInfo) {
    this.settings = settings;
    this.systemInfo = systemInfo;
  }

  /**
   * What is created where there is no such node yet, without status.
   *
   * @param mounts whether it mounts volumes that others attach to it
   */
  Node initial(boolean mounts) {
    var node =
        new NodeBuilder()
            .withNewMetadata()
            .withName(settings.name())
            .withLabels(labels())
            .withAnnotations(annotations(mounts))
            .endMetadata()
            .withNewSpec()
            .withTaints(settings.taints())
            .endSpec();
    if (!settings.podCidr().isEmpty()) {
      node.editSpec().withPodCIDR(settings.podCidr()).withPodCIDRs(settings.podCidr()).endSpec();
    }
    return node.build();
  }

  /** What is set on a node that exists: the agent may have been given others than before. */
  Node patch(boolean mounts) {
    return new NodeBuilder()
        .withNewMetadata()
        .withLabels(labels())
        .withAnnotations(annotations(mounts))
        .endMetadata()
        .build();
  }

  private static Map<String, String> annotations(boolean mounts) {
    return mounts ? Map.of(ATTACHED_BY_CONTROLLER, "true") : Map.of();
  }

  /** Everything in the status but the conditions' times. */
  NodeStatus status(
      NodeCondition ready,
      Set<Pressure> pressures,
      List<ImageInfo> images,
      List<String> volumesInUse) {
    return new NodeStatusBuilder()
        .withAddresses(settings.addresses())
        .withCapacity(new LinkedHashMap<>(settings.capacity()))
        .withAllocatable(settings.allocatable())
        .withConditions(NodeConditions.of(ready, pressures))
        .withNewDaemonEndpoints()
        .withNewKubeletEndpoint(settings.port())
        .endDaemonEndpoints()
        .withNodeInfo(systemInfo)
        .withImages(listed(images))
        .withVolumesInUse(volumesInUse)
        .build();
  }

  /** What is sent for a status: an empty list is said, so that it takes the place of another. */
  static NodeStatus patch(NodeStatus status, List<NodeCondition> timed) {
    NodeStatus patch = new NodeStatusBuilder(status).withConditions(timed).build();
    if (status.getVolumesInUse().isEmpty()) {
      patch.setAdditionalProperty("volumesInUse", List.of());
    }
    return patch;
  }

  private Map<String, String> labels() {
    return settings.ownLabels(systemInfo.getArchitecture());
  }

  private static List<ContainerImage> listed(List<ImageInfo> images) {
    return images.stream()
        .sorted(Comparator.comparingLong(ImageInfo::sizeBytes).reversed())
        .limit(IMAGES_LISTED)
        .map(image ->
            new ContainerImageBuilder()
                .withNames(Stream.concat(image.digests().stream(), image.tags().stream()).toList())
                .withSizeBytes(image.sizeBytes())
                .build())
        .toList();
  }
}
