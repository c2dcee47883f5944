package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes.Claim;
import java.util.Optional;

/**
 * Lets a claim that is for one pod at a time be used by one pod at a time, and keeps pods apart
 * that name a disk which one node cannot have twice.
 */
public final class VolumeRestrictions implements ClusterFilter {

  private static final Verdict IN_USE =
      Verdict.unschedulable(
          "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access"
              + " mode");

  private static final Verdict NO_DISK = Verdict.unschedulable("node(s) had no available disk");

  @Override
  public String name() {
    return "VolumeRestrictions";
  }

  @Override
  public Optional<NodeFilter> preFilter(Pod pod, Cluster cluster) {
    boolean inUse = isExclusiveClaimInUse(pod, cluster);
    if (pod.disks().isEmpty()) {
      return inUse ? Optional.of(node -> IN_USE) : Optional.empty();
    }
    Verdict otherwise = inUse ? IN_USE : Verdict.PASS;
    return Optional.of(
        node -> node.pods().stream().anyMatch(other -> conflict(pod, other)) ? NO_DISK : otherwise);
  }

  private static boolean isExclusiveClaimInUse(Pod pod, Cluster cluster) {
    return pod.claims().stream()
        .map(claim -> pod.namespace() + "/" + claim)
        .filter(key -> cluster.volumes().claim(key).map(Claim::forOnePod).orElse(false))
        .anyMatch(cluster::isClaimInUse);
  }

  private static boolean conflict(Pod one, Pod other) {
    return one.disks().stream()
        .anyMatch(disk -> other.disks().stream().anyMatch(disk::conflictsWith));
  }

  @Override
  public boolean mayPassAfter(ClusterEvent event, Pod pod, Cluster cluster) {
    return switch (event) {
      case ClusterEvent.PodFreed freed ->
          conflict(pod, freed.pod()) || shareClaim(pod, freed.pod());
      // A new node has none of the disks.
      case ClusterEvent.NodeChanged _ -> !pod.disks().isEmpty();
      case ClusterEvent.NodeRemoved _, ClusterEvent.VolumesChanged _, ClusterEvent.PodPlaced _ ->
          false;
    };
  }

  private static boolean shareClaim(Pod one, Pod other) {
    return one.namespace().equals(other.namespace())
        && one.claims().stream().anyMatch(other.claims()::contains);
  }
}
