package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes.Claim;
import java.util.List;
import java.util.Optional;

/** Lets a claim that is for one pod at a time be used by one pod at a time. */
public final class VolumeRestrictions implements ClusterFilter {

  private static final Verdict IN_USE =
      Verdict.unschedulable(
          "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access"
              + " mode");

  @Override
  public String name() {
    return "VolumeRestrictions";
  }

  @Override
  public Optional<NodeFilter> preFilter(Pod pod, Cluster cluster) {
    if (pod.claims().isEmpty()) {
      return Optional.empty();
    }
    List<String> exclusive =
        pod.claims().stream()
            .map(claim -> pod.namespace() + "/" + claim)
            .filter(key -> cluster.volumes().claim(key).map(Claim::forOnePod).orElse(false))
            .toList();
    return exclusive.stream().anyMatch(cluster::isClaimInUse)
        ? Optional.of(node -> IN_USE)
        : Optional.empty();
  }

  @Override
  public boolean mayPassAfter(ClusterEvent event, Pod pod, Cluster cluster) {
    return event instanceof ClusterEvent.PodFreed freed
        && freed.pod().namespace().equals(pod.namespace())
        && freed.pod().claims().stream().anyMatch(pod.claims()::contains);
  }
}
