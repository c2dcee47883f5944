package dev.shiplog.scheduler.model;

import java.util.List;

/**
 * All of a pod that decides how well it suits a node when the rest of the cluster is left aside.
 * Pods of one shape, such as the replicas of a workload, get the same verdict and score from a node
 * as long as the node does not change, which is what makes those worth keeping.
 *
 * @param requests what the pod asks for, init containers and overhead included
 * @param scoredCpuMilli CPU to score by, where a container that asks for none counts with a
 *     default, so that such pods are spread as well
 * @param scoredMemoryBytes memory to score by, likewise
 */
public record PodShape(
    Resources requests,
    long scoredCpuMilli,
    long scoredMemoryBytes,
    List<HostPort> hostPorts,
    List<Toleration> tolerations,
    NodeAffinity nodeAffinity) {

  public PodShape {
    hostPorts = List.copyOf(hostPorts);
    tolerations = List.copyOf(tolerations);
  }

  /** The same with other requests. */
  public PodShape withRequests(Resources other) {
    return new PodShape(
        other, scoredCpuMilli, scoredMemoryBytes, hostPorts, tolerations, nodeAffinity);
  }

  public boolean tolerates(Taint taint) {
    return Toleration.anyTolerates(tolerations, taint);
  }

  /** True if no taint of the node keeps such a pod from being placed there. */
  public boolean toleratesTaintsOf(Node node) {
    for (Taint taint : node.taints()) {
      if (taint.forbidsScheduling() && !tolerates(taint)) {
        return false;
      }
    }
    return true;
  }
}
