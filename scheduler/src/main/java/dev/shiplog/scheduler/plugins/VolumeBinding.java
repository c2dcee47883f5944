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
import java.util.Optional;

/**
 * Keeps a pod on nodes from which all its volumes can be used, and off all nodes while one of its
 * claims is to be bound at once and is not. A claim that waits for its first consumer must find a
 * volume on the node, or one must be possible to be made there; the scheduler then sees to it that
 * it is bound before the pod is.
 */
public final class VolumeBinding implements ClusterFilter {

  private static final Verdict WRONG_NODE =
      Verdict.unresolvable("node(s) didn't match PersistentVolume's node affinity");
  private static final Verdict NO_VOLUME =
      Verdict.unresolvable(
          "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
  private static final Verdict UNBOUND =
      Verdict.unresolvable("pod has unbound immediate PersistentVolumeClaims");

  /** How long claims may take to be bound once their pod has a node; Kubernetes' default. */
  public static final long DEFAULT_BIND_TIMEOUT_MS = 600_000;

  private final long bindTimeoutMs;

  public VolumeBinding() {
    this(DEFAULT_BIND_TIMEOUT_MS);
  }

  public VolumeBinding(long bindTimeoutMs) {
    this.bindTimeoutMs = bindTimeoutMs;
  }

  /** After so long the pod looks for a node again. */
  public long bindTimeoutMs() {
    return bindTimeoutMs;
  }

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
        return Optional.of(NodeFilter.everywhere(problem));
      }
    }
    DelayedClaims delayed = DelayedClaims.of(pod, cluster.volumes());
    return Optional.of(node -> {
      Verdict bound = verdict(volumes, node.node());
      return bound.passes() ? delayed.verdict(node.node()) : bound;
    });
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
      return all.waitsForConsumer(claim.storageClass()) ? Verdict.PASS : UNBOUND;
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
