package dev.shiplog.agent.eviction;

import dev.shiplog.agent.files.DiskUse;
import dev.shiplog.agent.pod.plan.PodPriority;
import dev.shiplog.agent.pod.resize.PodPromise;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;

/**
 * A pod that may be ended, with what it uses.
 *
 * @param memoryBytes working set of its containers
 * @param disk what they wrote outside of lasting volumes
 */
record PodUse(Pod pod, long memoryBytes, DiskUse disk) {

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

  /** Nobody can ask for files, so that whoever has any has more than it asked for. */
  static final Comparator<PodUse> BY_FILES =
      Comparator.comparing((PodUse use) -> use.disk().files() == 0)
          .thenComparingInt(PodUse::priority)
          .thenComparing(Comparator.comparingLong((PodUse use) -> use.disk().files()).reversed());

  static final Comparator<PodUse> BY_PRIORITY = Comparator.comparingInt(PodUse::priority);

  /** In which order pods are ended for want of something. */
  static Comparator<PodUse> order(Signal signal) {
    return switch (signal) {
      case MEMORY -> BY_MEMORY;
      case NODE_DISK, IMAGE_DISK -> BY_DISK;
      case NODE_FILES, IMAGE_FILES -> BY_FILES;
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
    return disk.bytes() - PodPromise.storageBytes(pod);
  }

  int priority() {
    return PodPriority.of(pod);
  }
}
