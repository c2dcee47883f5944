package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes;
import dev.shiplog.scheduler.model.Volumes.Claim;
import dev.shiplog.scheduler.model.Volumes.StorageClass;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets no more volumes of a CSI driver be attached to a node than its CSINode says. A volume that
 * several pods of the node use counts once; a claim that has no volume yet counts as one of its
 * class' provisioner.
 */
public final class NodeVolumeLimits implements ClusterFilter {

  private static final Verdict TOO_MANY = Verdict.unschedulable("node(s) exceed max volume count");

  @Override
  public String name() {
    return "NodeVolumeLimits";
  }

  @Override
  public Optional<NodeFilter> preFilter(Pod pod, Cluster cluster) {
    if (pod.claims().isEmpty()) {
      return Optional.empty();
    }
    Map<String, Set<String>> wanted = new HashMap<>();
    addVolumes(pod, cluster.volumes(), wanted);
    return wanted.isEmpty()
        ? Optional.empty()
        : Optional.of(node -> verdict(node, wanted, cluster.volumes()));
  }

  private static Verdict verdict(NodeInfo node, Map<String, Set<String>> wanted, Volumes volumes) {
    Map<String, Integer> limits = volumes.limitsOf(node.name());
    if (wanted.keySet().stream().noneMatch(limits::containsKey)) {
      return Verdict.PASS;
    }
    Map<String, Set<String>> attached = new HashMap<>();
    node.pods().forEach(pod -> addVolumes(pod, volumes, attached));
    for (Map.Entry<String, Set<String>> each : wanted.entrySet()) {
      Integer limit = limits.get(each.getKey());
      Set<String> all = new HashSet<>(attached.getOrDefault(each.getKey(), Set.of()));
      if (limit != null && all.addAll(each.getValue()) && all.size() > limit) {
        return TOO_MANY;
      }
    }
    return Verdict.PASS;
  }

  private static void addVolumes(Pod pod, Volumes volumes, Map<String, Set<String>> byDriver) {
    for (String name : pod.claims()) {
      String key = pod.namespace() + "/" + name;
      volumes.claim(key).ifPresent(claim -> addVolume(key, claim, volumes, byDriver));
    }
  }

  private static void addVolume(
      String key, Claim claim, Volumes volumes, Map<String, Set<String>> byDriver) {
    var volume = volumes.volume(claim.volume());
    String driver =
        volume
            .map(Volumes.Volume::driver)
            .orElseGet(() ->
                volumes
                    .storageClass(claim.storageClass())
                    .map(StorageClass::provisioner)
                    .orElse(""));
    if (!driver.isEmpty()) {
      byDriver
          .computeIfAbsent(driver, d -> new HashSet<>())
          .add(volume.map(Volumes.Volume::handle).orElse("claim " + key));
    }
  }

  @Override
  public boolean mayPassAfter(ClusterEvent event, Pod pod, Cluster cluster) {
    return switch (event) {
      case ClusterEvent.NodeChanged changed -> true;
      case ClusterEvent.VolumesChanged changed -> true;
      case ClusterEvent.PodFreed freed -> !freed.pod().claims().isEmpty();
      case ClusterEvent.NodeRemoved removed -> false;
      case ClusterEvent.PodPlaced placed -> false;
    };
  }
}
