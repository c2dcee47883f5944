package dev.shiplog.agent.usage;

import dev.shiplog.agent.runtime.PodIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a node and its pods use.
 *
 * @param node the node's name
 * @param machine all that runs on it, the system included
 * @param availableBytes memory that is left on it
 * @param disks that it has
 * @param pods those with containers that run
 */
public record NodeUsage(
    String node, Usage machine, long availableBytes, NodeDisks.Figures disks, List<OfPod> pods) {

  public NodeUsage {
    pods = List.copyOf(pods);
  }

  /**
   * Figures of one thing.
   *
   * @param at when they were taken
   * @param cpuNanos processor time since its start
   * @param cpuNanoCores billionths of a core it used of late; empty until that is known
   * @param workingSetBytes memory that cannot be taken back without harm
   */
  public record Usage(Instant at, long cpuNanos, OptionalLong cpuNanoCores, long workingSetBytes) {}

  /** A pod's containers and volumes. */
  public record OfPod(
      PodIdentity pod,
      Optional<Instant> startedAt,
      List<OfContainer> containers,
      VolumeSamples.OfPod volumes) {

    public OfPod {
      containers = List.copyOf(containers);
    }

    /** All of them together; its rate is known once each one's is. */
    Usage total() {
      boolean known = containers.stream().allMatch(c -> c.usage().cpuNanoCores().isPresent());
      return new Usage(
          containers.stream()
              .map(c -> c.usage().at())
              .min(Instant::compareTo)
              .orElse(Instant.EPOCH),
          containers.stream().mapToLong(c -> c.usage().cpuNanos()).sum(),
          known
              ? OptionalLong.of(
                  containers.stream().mapToLong(c -> c.usage().cpuNanoCores().getAsLong()).sum())
              : OptionalLong.empty(),
          containers.stream().mapToLong(c -> c.usage().workingSetBytes()).sum());
    }
  }

  /**
   * A container's.
   *
   * @param startedAt empty where the status does not tell yet
   * @param writtenBytes disk it wrote outside its mounts
   */
  public record OfContainer(
      String name, Optional<Instant> startedAt, Usage usage, long writtenBytes) {}
}
