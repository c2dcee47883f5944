package dev.shiplog.agent.pod.resize;

import io.fabric8.kubernetes.api.model.Pod;

/** What a pod was promised. */
public final class PodPromise {

  private PodPromise() {}

  /** The memory that its containers ask for together. */
  public static long memoryBytes(Pod pod) {
    return Demand.of(pod).memoryBytes();
  }
}
