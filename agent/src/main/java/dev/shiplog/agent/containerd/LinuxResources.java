package dev.shiplog.agent.containerd;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.ContainerResources;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Requests and limits as the kernel takes them, by the same arithmetic as every Kubernetes node.
 *
 * @param limitSwap whether a memory limit is set for memory and swap together, so that a container
 *     over its limit is killed instead of swapped out; only where the kernel counts swap
 */
record LinuxResources(boolean limitSwap) {

  private static final long SHARES_PER_CPU = 1024;
  private static final long MIN_SHARES = 2;
  private static final long MAX_SHARES = 262_144;
  private static final long QUOTA_PERIOD_MICROS = 100_000;
  private static final long MIN_QUOTA_MICROS = 1_000;

  static LinuxResources ofThisHost() {
    return new LinuxResources(
        Files.exists(Path.of("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes"))
            || Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")));
  }

  Cri.LinuxContainerResources message(ContainerResources resources) {
    var message = Cri.LinuxContainerResources.newBuilder().setCpuShares(shares(resources));
    resources
        .cpuLimitMillis()
        .ifPresent(limit ->
            message
                .setCpuPeriod(QUOTA_PERIOD_MICROS)
                .setCpuQuota(Math.max(MIN_QUOTA_MICROS, limit * QUOTA_PERIOD_MICROS / 1000)));
    resources
        .memoryLimitBytes()
        .ifPresent(limit -> {
          message.setMemoryLimitInBytes(limit);
          if (limitSwap) {
            message.setMemorySwapLimitInBytes(limit);
          }
        });
    resources.oomScoreAdjust().ifPresent(message::setOomScoreAdj);
    return message.build();
  }

  /** Without a request a limit counts as one; without both it gets the least there is. */
  private static long shares(ContainerResources resources) {
    long millis = resources.cpuRequestMillis();
    if (millis == 0) {
      millis = resources.cpuLimitMillis().orElse(0);
    }
    return Math.clamp(millis * SHARES_PER_CPU / 1000, MIN_SHARES, MAX_SHARES);
  }
}
