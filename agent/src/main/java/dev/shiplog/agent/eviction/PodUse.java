package dev.shiplog.agent.eviction;

import dev.shiplog.agent.pod.resize.PodPromise;
import dev.shiplog.agent.staticpods.Mirrors;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;

/**
 * A pod that may be ended, with what it uses.
 *
 * @param memoryBytes working set of its containers
 * @param diskBytes what they wrote outside of lasting volumes
 */
record PodUse(Pod pod, long memoryBytes, long diskBytes) {

  /** From here on Kubernetes' own pods begin. */
  private static final int SYSTEM_CRITICAL = 2_000_000_000;

  /**
   * The kubelet's order: who uses more than was asked for, then who matters less, then how much.
   */
  static final Comparator<PodUse> BY_MEMORY =
      Comparator.comparing((PodUse use) -> !use.exceedsMemory())
          .thenComparingInt(PodUse::priority)
          .thenComparing(Comparator.comparingLong(PodUse::memoryOverRequest).reversed());

  static final Comparator<PodUse> BY_DISK =
      Comparator.comparing((PodUse use) -> !use.exceedsDisk())
          .thenComparingInt(PodUse::priority)
          .thenComparing(Comparator.comparingLong(PodUse::diskOverRequest).reversed());

  static final Comparator<PodUse> BY_PRIORITY = Comparator.comparingInt(PodUse::priority);

  /** In which order pods are ended for want of something. */
  static Comparator<PodUse> order(Signal signal) {
    return switch (signal) {
      case MEMORY -> BY_MEMORY;
      case NODE_DISK, NODE_FILES, IMAGE_DISK -> BY_DISK;
      case PIDS -> BY_PRIORITY;
    };
  }

  private boolean exceedsMemory() {
    return memoryOverRequest() > 0;
  }

  long memoryOverRequest() {
    return memoryBytes - PodPromise.memoryBytes(pod);
  }

  private boolean exceedsDisk() {
    return diskOverRequest() > 0;
  }

  long diskOverRequest() {
    return diskBytes - PodPromise.storageBytes(pod);
  }

  int priority() {
    Integer priority = pod.getSpec().getPriority();
    return priority == null ? 0 : priority;
  }

  /** The node does without everything else before it does without these. */
  boolean isCritical() {
    return Mirrors.isStatic(pod) || priority() >= SYSTEM_CRITICAL;
  }
}
