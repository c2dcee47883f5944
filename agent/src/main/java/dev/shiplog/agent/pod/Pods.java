package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.status.StatusPatch;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;
import java.util.stream.Stream;

/** Pods put together from what the cluster says and what the node says. */
final class Pods {

  private Pods() {}

  /** The pod with another status; everything else is shared. */
  static Pod with(Pod pod, PodStatus status) {
    return new Pod(pod.getApiVersion(), pod.getKind(), pod.getMetadata(), pod.getSpec(), status);
  }

  /**
   * The node's status with the conditions that others have set.
   *
   * @param cluster the status that the cluster has; may be null
   */
  static PodStatus merged(PodStatus node, PodStatus cluster) {
    List<PodCondition> others =
        cluster == null
            ? List.of()
            : cluster.getConditions().stream()
                .filter(condition -> !StatusPatch.isOwned(condition))
                .toList();
    List<PodCondition> own = node.getConditions().stream().filter(StatusPatch::isOwned).toList();
    return new PodStatusBuilder(node)
        .withConditions(Stream.concat(own.stream(), others.stream()).toList())
        .build();
  }
}
