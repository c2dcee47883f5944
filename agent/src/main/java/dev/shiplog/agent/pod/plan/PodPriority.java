package dev.shiplog.agent.pod.plan;

import dev.shiplog.agent.staticpods.Mirrors;
import io.fabric8.kubernetes.api.model.Pod;

/** How much a pod matters. */
public final class PodPriority {

  /** From here on Kubernetes' own pods begin. */
  public static final int CRITICAL = 2_000_000_000;

  private PodPriority() {}

  public static int of(Pod pod) {
    Integer priority = pod.getSpec().getPriority();
    return priority == null ? 0 : priority;
  }

  /** The node does without everything else before it does without these. */
  public static boolean isCritical(Pod pod) {
    return Mirrors.isStatic(pod) || of(pod) >= CRITICAL;
  }
}
