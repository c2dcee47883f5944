package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes.Claim;
import dev.shiplog.scheduler.model.Volumes.Volume;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a pod in the zones and regions that the labels of its volumes name. A node of which nobody
 * has said where it lies is not turned down; one that lies somewhere must lie there.
 */
public final class VolumeZone implements ClusterFilter {

  private static final Verdict WRONG_ZONE =
      Verdict.unresolvable("node(s) had no available volume zone");

  /** What a label was called before it became stable, and what it is called since. */
  private static final Map<String, String> STABLE =
      Map.of(
          "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region");

  @Override
  public String name() {
    return "VolumeZone";
  }

  @Override
  public Optional<NodeFilter> preFilter(Pod pod, Cluster cluster) {
    if (pod.claims().isEmpty()) {
      return Optional.empty();
    }
    List<Map.Entry<String, Set<String>>> topologies =
        pod.claims().stream()
            .flatMap(claim -> cluster.volumes().claim(pod.namespace() + "/" + claim).stream())
            .filter(Claim::isBound)
            .flatMap(claim -> cluster.volumes().volume(claim.volume()).stream())
            .map(Volume::topology)
            .flatMap(topology -> topology.entrySet().stream())
            .toList();
    return topologies.isEmpty()
        ? Optional.empty()
        : Optional.of(node -> liesInAll(node.node(), topologies) ? Verdict.PASS : WRONG_ZONE);
  }

  private static boolean liesInAll(Node node, List<Map.Entry<String, Set<String>>> topologies) {
    return liesNowhere(node)
        || topologies.stream()
            .allMatch(each -> {
              String value = valueOf(node, each.getKey());
              return value != null && each.getValue().contains(value);
            });
  }

  private static boolean liesNowhere(Node node) {
    return STABLE.entrySet().stream()
        .noneMatch(each ->
            node.labels().containsKey(each.getKey()) || node.labels().containsKey(each.getValue()));
  }

  private static String valueOf(Node node, String key) {
    String value = node.labels().get(key);
    return value == null && STABLE.containsKey(key) ? node.labels().get(STABLE.get(key)) : value;
  }

  @Override
  public boolean mayPassAfter(ClusterEvent event, Pod pod, Cluster cluster) {
    return switch (event) {
      case ClusterEvent.NodeChanged _, ClusterEvent.VolumesChanged _ -> true;
      case ClusterEvent.NodeRemoved _, ClusterEvent.PodFreed _, ClusterEvent.PodPlaced _ -> false;
    };
  }
}
