package dev.shiplog.agent.usage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.agent.files.VolumeUse;
import dev.shiplog.agent.runtime.FsStats;
import dev.shiplog.agent.usage.NodeUsage.OfContainer;
import dev.shiplog.agent.usage.NodeUsage.OfPod;
import dev.shiplog.agent.usage.NodeUsage.Usage;
import dev.shiplog.topics.record.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Usage in the two forms that a kubelet serves: the summary, and the few Prometheus metrics of
 * {@code /metrics/resource}. Pure.
 */
public final class UsageDocuments {

  private UsageDocuments() {}

  /** {@code stats/v1alpha1 Summary}, with the figures that a node knows. */
  public static ObjectNode summary(NodeUsage usage) {
    ObjectNode summary = Json.MAPPER.createObjectNode();
    ObjectNode node = summary.putObject("node").put("nodeName", usage.node());
    put(node, usage.machine());
    ((ObjectNode) node.get("memory")).put("availableBytes", usage.availableBytes());
    put(node, usage.disks());
    ArrayNode pods = summary.putArray("pods");
    usage.pods().forEach(pod -> pods.add(pod(pod)));
    return summary;
  }

  private static ObjectNode pod(OfPod pod) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.putObject("podRef")
        .put("name", pod.pod().name())
        .put("namespace", pod.pod().namespace())
        .put("uid", pod.pod().uid());
    pod.startedAt().ifPresent(at -> node.put("startTime", at.toString()));
    ArrayNode containers = node.putArray("containers");
    pod.containers().forEach(container -> containers.add(container(container)));
    put(node, pod.total());
    if (!pod.volumes().volumes().isEmpty()) {
      ArrayNode volumes = node.putArray("volume");
      pod.volumes().volumes().forEach(volume -> volumes.add(volume(pod, volume)));
    }
    return node;
  }

  private static ObjectNode volume(OfPod pod, VolumeUse volume) {
    ObjectNode node =
        fill(Json.MAPPER.createObjectNode(), pod.volumes().at(), volume.stats())
            .put("name", volume.volume());
    volume
        .claim()
        .ifPresent(claim ->
            node.putObject("pvcRef").put("name", claim).put("namespace", pod.pod().namespace()));
    return node;
  }

  /** {@code FsStats}. */
  private static ObjectNode fill(ObjectNode node, Instant at, FsStats stats) {
    return node.put("time", at.toString())
        .put("availableBytes", stats.availableBytes())
        .put("capacityBytes", stats.capacityBytes())
        .put("usedBytes", stats.usedBytes())
        .put("inodesFree", stats.inodesFree())
        .put("inodes", stats.inodes())
        .put("inodesUsed", stats.inodesUsed());
  }

  private static void put(ObjectNode node, NodeDisks.Figures disks) {
    disks.node().ifPresent(stats -> fill(node.putObject("fs"), disks.at(), stats));
    disks
        .images()
        .ifPresent(
            stats -> fill(node.putObject("runtime").putObject("imageFs"), disks.at(), stats));
  }

  private static ObjectNode container(OfContainer container) {
    ObjectNode node = Json.MAPPER.createObjectNode().put("name", container.name());
    container.startedAt().ifPresent(at -> node.put("startTime", at.toString()));
    put(node, container.usage());
    node.putObject("rootfs")
        .put("time", container.usage().at().toString())
        .put("usedBytes", container.writtenBytes());
    return node;
  }

  private static void put(ObjectNode node, Usage usage) {
    String time = usage.at().toString();
    ObjectNode cpu = node.putObject("cpu").put("time", time);
    usage.cpuNanoCores().ifPresent(rate -> cpu.put("usageNanoCores", rate));
    cpu.put("usageCoreNanoSeconds", usage.cpuNanos());
    node.putObject("memory").put("time", time).put("workingSetBytes", usage.workingSetBytes());
  }

  /** In Prometheus' text format. */
  public static String metrics(NodeUsage usage) {
    Metrics metrics = new Metrics();
    for (OfPod pod : usage.pods()) {
      for (OfContainer container : pod.containers()) {
        String labels =
            "container=\"%s\",namespace=\"%s\",pod=\"%s\""
                .formatted(container.name(), pod.pod().namespace(), pod.pod().name());
        metrics.usage("container", labels, container.usage());
        container
            .startedAt()
            .ifPresent(at ->
                metrics.gauge(
                    "container_start_time_seconds",
                    labels,
                    decimal(at.toEpochMilli() / 1e3),
                    container.usage()));
      }
      metrics.usage(
          "pod",
          "namespace=\"%s\",pod=\"%s\"".formatted(pod.pod().namespace(), pod.pod().name()),
          pod.total());
    }
    metrics.usage("node", "", usage.machine());
    return metrics.text() + "# TYPE resource_scrape_error gauge\nresource_scrape_error 0\n";
  }

  /** Lines by metric, since the format wants those of one metric together. */
  private static final class Metrics {
    private final Map<String, StringBuilder> byName = new TreeMap<>();

    void usage(String of, String labels, Usage usage) {
      add(
          of + "_cpu_usage_seconds_total",
          "counter",
          labels,
          decimal(usage.cpuNanos() / 1e9),
          usage);
      gauge(
          of + "_memory_working_set_bytes", labels, Long.toString(usage.workingSetBytes()), usage);
    }

    void gauge(String name, String labels, String value, Usage usage) {
      add(name, "gauge", labels, value, usage);
    }

    private void add(String name, String type, String labels, String value, Usage usage) {
      byName
          .computeIfAbsent(name, n -> new StringBuilder("# TYPE " + n + " " + type + "\n"))
          .append(name)
          .append(labels.isEmpty() ? "" : "{" + labels + "}")
          .append(' ')
          .append(value)
          .append(' ')
          .append(usage.at().toEpochMilli())
          .append('\n');
    }

    String text() {
      return String.join("", List.copyOf(byName.values()));
    }
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }
}
