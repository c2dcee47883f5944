package dev.shiplog.agent.metrics;

import dev.shiplog.agent.files.VolumeUse;
import dev.shiplog.agent.runtime.FsStats;
import dev.shiplog.agent.usage.VolumeSamples;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;

/**
 * How full the volumes behind claims are, under the kubelet's names: one series for each claim,
 * whichever of its pods was measured. Any thread; {@link #look} asks nobody, it shows what was
 * measured last.
 */
public final class VolumeMetrics {

  private final List<VolumeSamples> nodes = new CopyOnWriteArrayList<>();
  private final List<Figure> figures;

  private record Figure(MultiGauge gauge, ToLongFunction<FsStats> value) {}

  private record Claim(String namespace, String name) {
    Tags tags() {
      return Tags.of("namespace", namespace, "persistentvolumeclaim", name);
    }
  }

  public VolumeMetrics(MeterRegistry registry) {
    figures =
        List.of(
            figure(registry, "capacity.bytes", "Capacity of the volume", FsStats::capacityBytes),
            figure(registry, "available.bytes", "What is left of it", FsStats::availableBytes),
            figure(registry, "used.bytes", "What is used of it", FsStats::usedBytes),
            figure(registry, "inodes", "Most inodes of the volume", FsStats::inodes),
            figure(registry, "inodes.free", "Those that are left", FsStats::inodesFree),
            figure(registry, "inodes.used", "Those that are used", FsStats::inodesUsed));
  }

  private static Figure figure(
      MeterRegistry registry, String name, String description, ToLongFunction<FsStats> value) {
    return new Figure(
        MultiGauge.builder("kubelet.volume.stats." + name)
            .description(description)
            .register(registry),
        value);
  }

  /**
   * Shows a node's volumes too.
   *
   * @return ends it
   */
  public Runnable add(VolumeSamples node) {
    nodes.add(node);
    return () -> nodes.remove(node);
  }

  /** Shows what was measured last; claims that are in no pod any more have no series. */
  public void look() {
    Map<Claim, FsStats> byClaim = new HashMap<>();
    nodes.forEach(node -> node.all().forEach(pod -> put(pod, byClaim)));
    figures.forEach(figure -> show(figure, byClaim));
  }

  private static void put(VolumeSamples.Measured pod, Map<Claim, FsStats> byClaim) {
    for (VolumeUse volume : pod.volumes()) {
      volume
          .claim()
          .ifPresent(
              claim -> byClaim.putIfAbsent(new Claim(pod.namespace(), claim), volume.stats()));
    }
  }

  private static void show(Figure figure, Map<Claim, FsStats> byClaim) {
    List<MultiGauge.Row<?>> rows =
        byClaim.entrySet().stream()
            .<MultiGauge.Row<?>>map(each ->
                MultiGauge.Row.of(
                    each.getKey().tags(), figure.value().applyAsLong(each.getValue())))
            .toList();
    figure.gauge().register(rows, true);
  }
}
