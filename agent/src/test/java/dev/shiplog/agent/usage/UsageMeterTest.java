package dev.shiplog.agent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.files.VolumeUse;
import dev.shiplog.agent.runtime.FsStats;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.PodStats;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class UsageMeterTest {

  private static final PodIdentity POD = new PodIdentity("uid", "ns", "web");

  private final Counters counters = new Counters();
  private final UsageMeter meter = new UsageMeter("n1", counters, List::of, () -> counters.steady);

  @Test
  void noRateIsKnownAfterOneLook() {
    assertThat(rate(meter.read())).isEmpty();
    assertThat(meter.read().machine().cpuNanoCores()).isEmpty();
  }

  @Test
  void aRateIsTheDifferenceOverTheTimeBetween() {
    meter.sample();
    counters.pass(10, 2_500_000_000L);

    NodeUsage usage = meter.read();

    assertThat(rate(usage)).hasValue(250_000_000);
    assertThat(usage.machine().cpuNanoCores()).hasValue(500_000_000);
    assertThat(usage.machine().workingSetBytes()).isEqualTo(1000);
  }

  @Test
  void whoLooksOftenGetsRatesOverAWindowAllTheSame() {
    for (int second = 0; second < 60; second++) {
      meter.sample();
      counters.pass(1, 100_000_000);
    }
    for (int second = 0; second < 8; second++) {
      meter.sample();
      counters.pass(1, 900_000_000);
    }

    assertThat(rate(meter.read())).hasValue(900_000_000);
  }

  @Test
  void aContainerThatStartedAgainHasNoRateUntilTheNextLook() {
    counters.pass(1, 5_000_000_000L);
    meter.sample();
    counters.pass(10, 0);
    counters.container = 7;

    assertThat(rate(meter.read())).isEmpty();
  }

  @Test
  void aRateIsToldAgainSoonAfterTheClockWasSetBack() {
    meter.sample();
    counters.now = counters.now.minusSeconds(3600);
    counters.pass(10, 2_500_000_000L);
    assertThat(rate(meter.read())).isEmpty();

    counters.pass(10, 2_500_000_000L);

    assertThat(rate(meter.read())).hasValue(250_000_000);
  }

  @Test
  void aRateThatTheSourceKnowsIsTaken() {
    counters.known = OptionalLong.of(42);

    assertThat(rate(meter.read())).hasValue(42);
  }

  @Test
  void theSummaryHasTheFiguresThatAKubeletServes() {
    meter.sample();
    counters.pass(10, 1_000_000_000L);

    var summary = UsageDocuments.summary(meter.read());

    assertThat(summary.at("/node/nodeName").asText()).isEqualTo("n1");
    assertThat(summary.at("/node/memory/availableBytes").asLong()).isEqualTo(500);
    var pod = summary.at("/pods/0");
    assertThat(pod.at("/podRef/namespace").asText()).isEqualTo("ns");
    assertThat(pod.at("/containers/0/name").asText()).isEqualTo("main");
    assertThat(pod.at("/containers/0/cpu/usageNanoCores").asLong()).isEqualTo(100_000_000);
    assertThat(pod.at("/containers/0/memory/workingSetBytes").asLong()).isEqualTo(77);
    assertThat(pod.at("/cpu/usageNanoCores").asLong()).isEqualTo(100_000_000);
  }

  @Test
  void theSummaryTellsHowFullTheNodesDisksAre() {
    var ofNode = new FsStats(60, 100, 40, 9, 7, 2);
    var ofImages = new FsStats(6, 10, 4, 90, 70, 20);
    var disks = new NodeDisks.Figures(counters.now, Optional.of(ofNode), Optional.of(ofImages));

    var summary =
        UsageDocuments.summary(new NodeUsage("n1", meter.read().machine(), 500, disks, List.of()));

    assertThat(summary.at("/node/fs").toString())
        .isEqualTo(
            "{\"time\":\"2026-01-01T00:00:00Z\",\"availableBytes\":60,\"capacityBytes\":100,"
                + "\"usedBytes\":40,\"inodesFree\":7,\"inodes\":9,\"inodesUsed\":2}");
    assertThat(summary.at("/node/runtime/imageFs/inodesFree").asLong()).isEqualTo(70);
  }

  @Test
  void theSummaryTellsHowFullAPodsVolumesAre() {
    var stats = new FsStats(60, 100, 40, 9, 7, 2);
    var measured =
        List.of(
            new VolumeUse("scratch", Optional.empty(), stats),
            new VolumeUse("kept", Optional.of("data"), stats));
    var usage =
        new NodeUsage.OfPod(
            POD, Optional.empty(), List.of(), new VolumeSamples.OfPod(counters.now, measured));

    var summary =
        UsageDocuments.summary(
            new NodeUsage(
                "n1", meter.read().machine(), 500, NodeDisks.Figures.NONE, List.of(usage)));

    assertThat(summary.at("/pods/0/volume/0").toString())
        .isEqualTo(
            "{\"time\":\"2026-01-01T00:00:00Z\",\"availableBytes\":60,\"capacityBytes\":100,"
                + "\"usedBytes\":40,\"inodesFree\":7,\"inodes\":9,\"inodesUsed\":2,"
                + "\"name\":\"scratch\"}");
    assertThat(summary.at("/pods/0/volume/1/pvcRef").toString())
        .isEqualTo("{\"name\":\"data\",\"namespace\":\"ns\"}");
  }

  @Test
  void theResourceMetricsAreInPrometheusForm() {
    counters.pass(10, 1_500_000_000L);

    assertThat(UsageDocuments.metrics(meter.read()))
        .contains(
            "# TYPE container_cpu_usage_seconds_total counter\n",
            "container_cpu_usage_seconds_total{container=\"main\",namespace=\"ns\",pod=\"web\"}"
                + " 1.500000 "
                + counters.now.toEpochMilli(),
            "node_memory_working_set_bytes 1000 ",
            "pod_memory_working_set_bytes{namespace=\"ns\",pod=\"web\"} 77 ",
            "resource_scrape_error 0\n");
  }

  @Test
  void processorTimeIsAllButIdlingAndWaiting() {
    assertThat(MachineUsage.busyNanos("cpu  10 1 20 1000 500 3 4 2 7 0")).isEqualTo(400_000_000);
  }

  private static OptionalLong rate(NodeUsage usage) {
    return usage.pods().getFirst().containers().getFirst().usage().cpuNanoCores();
  }

  /** The machine uses twice what its only container does. */
  private static final class Counters implements UsageSource {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Instant steady = now;
    private long container;
    private long machine;
    private OptionalLong known = OptionalLong.empty();

    void pass(long seconds, long nanos) {
      now = now.plusSeconds(seconds);
      steady = steady.plusSeconds(seconds);
      container += nanos;
      machine += 2 * nanos;
    }

    @Override
    public Machine machine() {
      return new Machine(now, machine, OptionalLong.empty(), 1000, 500);
    }

    @Override
    public List<PodStats> pods() {
      return List.of(
          new PodStats(POD, now, List.of(new PodStats.Usage("main", container, known, 77, 3, 1))));
    }
  }
}
