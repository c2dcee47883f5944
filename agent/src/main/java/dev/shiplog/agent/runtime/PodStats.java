package dev.shiplog.agent.runtime;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a pod uses.
 *
 * @param pod which
 * @param at when it was measured
 * @param containers of those that run
 */
public record PodStats(PodIdentity pod, Instant at, List<Usage> containers) {

  public PodStats {
    containers = List.copyOf(containers);
  }

  /**
   * What a container uses.
   *
   * @param name the container's
   * @param cpuNanos processor time since it started
   * @param cpuNanoCores billionths of a core it uses; empty if only the counter is known
   * @param workingSetBytes memory that cannot be taken back without harm
   * @param writableLayerBytes disk it wrote outside its mounts
   * @param writableLayerFiles how many files that is; 0 where the runtime does not count them
   */
  public record Usage(
      String name,
      long cpuNanos,
      OptionalLong cpuNanoCores,
      long workingSetBytes,
      long writableLayerBytes,
      long writableLayerFiles) {}
}
