package dev.shiplog.agent.containerd;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.PodStats;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** Usage as CRI measures it. */
final class StatsMessages {

  private StatsMessages() {}

  static PodStats pod(PodIdentity pod, List<Cri.ContainerStats> containers) {
    Instant at =
        containers.stream()
            .map(stats -> Times.instant(stats.getCpu().getTimestamp()))
            .max(Instant::compareTo)
            .orElseThrow();
    return new PodStats(pod, at, containers.stream().map(StatsMessages::usage).toList());
  }

  private static PodStats.Usage usage(Cri.ContainerStats stats) {
    return new PodStats.Usage(
        stats.getAttributes().getMetadata().getName(),
        stats.getCpu().getUsageCoreNanoSeconds().getValue(),
        OptionalLong.empty(),
        stats.getMemory().getWorkingSetBytes().getValue(),
        stats.getWritableLayer().getUsedBytes().getValue(),
        stats.getWritableLayer().getInodesUsed().getValue());
  }
}
