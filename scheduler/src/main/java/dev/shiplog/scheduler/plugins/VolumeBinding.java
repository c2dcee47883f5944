package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes;
import dev.shiplog.scheduler.model.Volumes.Claim;
import dev.shiplog.scheduler.model.Volumes.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a pod on nodes from which all its volumes can be used, and off all nodes while one of its
 * claims is not bound. Binds no claims itself: a claim that waits for its first consumer needs a
 * provisioner that binds it.
 */
public final class VolumeBinding implements ClusterFilter {

  private static final Verdict WRONG_NODE =
      Verdict.unresolvable("node(s) didn't match PersistentVolume's node affinity");
  private static final Verdict WRONG_ZONE =
      Verdict.unresolvable("node(s) had no available volume zone");
  private static final Verdict NO_VOLUME =
      Verdict.unresolvable(
          "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
  private static final Verdict UNBOUND =
      Verdict.unresolvable("pod has unbound immediate PersistentVolumeClaims");
  private static final Verdict WAITING =
      Verdict.unresolvable("node(s) didn't find available persistent volumes to bind");

  @Override
  public String name() {
    return "VolumeBinding";
  }

  @Override
  public Optional<NodeFilter> preFilter(Pod pod, Cluster cluster) {
    if (pod.claims().isEmpty()) {
      return Optional.empty();
    }
    List<Volume> volumes = new ArrayList<>();
    for (String name : pod.claims()) {
      Verdict problem = resolve(pod.namespace(), name, cluster.volumes(), volumes);
      if (!problem.passes()) {
        return Optional.of(node -> problem);
      }
    }
    return Optional.of(node -> verdict(volumes, node.node()));
  }

  /** Adds the claim's volume, or says what is wrong with the claim. */
  private static Verdict resolve(String namespace, String name, Volumes all, List<Volume> volumes) {
    Claim claim = all.claim(namespace + "/" + name).orElse(null);
    if (claim == null) {
      return Verdict.unresolvable("persistentvolumeclaim \"" + name + "\" not found");
    }
    if (claim.terminating()) {
      return Verdict.unresolvable("persistentvolumeclaim \"" + name + "\" is being deleted");
    }
    if (claim.volume().isEmpty()) {
      return all.waitsForConsumer(claim.storageClass()) ? WAITING : UNBOUND;
    }
    Volume volume = all.volume(claim.volume()).orElse(null);
    if (volume == null) {
      return NO_VOLUME;
    }
    volumes.add(volume);
    return Verdict.PASS;
  }

  private static Verdict verdict(List<Volume> volumes, Node node) {
    for (Volume volume : volumes) {
      if (!volume.access().allows(node)) {
        return WRONG_NODE;
      }
      for (Map.Entry<String, Set<String>> label : volume.topology().entrySet()) {
        String ofNode = node.labels().get(label.getKey());
        if (ofNode != null && !label.getValue().contains(ofNode)) {
          return WRONG_ZONE;
        }
      }
    }
    return Verdict.PASS;
  }

  @Override
  public boolean mayPassAfter(ClusterEvent event, Pod pod, Cluster cluster) {
    return switch (event) {
      case ClusterEvent.NodeChanged changed -> true;
      case ClusterEvent.VolumesChanged changed -> true;
      case ClusterEvent.NodeRemoved removed -> false;
      case ClusterEvent.PodFreed freed -> false;
      case ClusterEvent.PodPlaced placed -> false;
    };
  }
}
