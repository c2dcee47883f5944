package dev.shiplog.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.runtime.PodStats;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulatedUsageTest {

  private Instant now = Instant.parse("2026-01-01T00:10:00Z");
  private Pod pod = pod(Map.of(), Map.of());
  private final SimulatedUsage usage = new SimulatedUsage(() -> List.of(pod), 1L << 30, () -> now);

  @Test
  void aContainerUsesWhatItsPodsAnnotationsSay() {
    pod =
        pod(
            Map.of("simulated.shiplog.dev/cpu", "250m", "simulated.shiplog.dev/memory", "64Mi"),
            Map.of());

    assertThat(only().cpuNanoCores()).hasValue(250_000_000);
    assertThat(only().workingSetBytes()).isEqualTo(64 << 20);
  }

  @Test
  void anAnnotationOfOneContainerWins() {
    pod =
        pod(
            Map.of("simulated.shiplog.dev/cpu", "250m", "simulated.shiplog.dev/cpu.main", "1"),
            Map.of());

    assertThat(only().cpuNanoCores()).hasValue(1_000_000_000);
  }

  @Test
  void withoutAnnotationsItUsesHalfOfWhatItRequests() {
    pod = pod(Map.of(), Map.of("cpu", new Quantity("500m"), "memory", new Quantity("100Mi")));

    assertThat(only().cpuNanoCores()).hasValue(250_000_000);
    assertThat(only().workingSetBytes()).isEqualTo(50 << 20);
  }

  @Test
  void aQuantityThatCannotBeReadIsAsIfItWereNotThere() {
    pod = pod(Map.of("simulated.shiplog.dev/cpu", "much"), Map.of());

    assertThat(only().cpuNanoCores()).hasValue(1_000_000);
  }

  @Test
  void itsCounterNeverGoesBackWhenItUsesLess() {
    pod = pod(Map.of("simulated.shiplog.dev/cpu", "2"), Map.of());
    long before = only().cpuNanos();
    pod = pod(Map.of("simulated.shiplog.dev/cpu", "1m"), Map.of());
    now = now.plusSeconds(10);

    assertThat(only().cpuNanos()).isEqualTo(before + 10_000_000);
  }

  @Test
  void theNodeUsesWhatItsPodsUseAndALittle() {
    pod =
        pod(
            Map.of("simulated.shiplog.dev/cpu", "1", "simulated.shiplog.dev/memory", "512Mi"),
            Map.of());

    assertThat(usage.machine().cpuNanoCores()).hasValue(1_020_000_000);
    assertThat(usage.machine().availableBytes()).isEqualTo(384 << 20);
  }

  private PodStats.Usage only() {
    return usage.pods().getFirst().containers().getFirst();
  }

  private static Pod pod(Map<String, String> annotations, Map<String, Quantity> requests) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("ns")
        .withName("web")
        .withUid("uid")
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("main")
        .withNewResources()
        .withRequests(requests)
        .endResources()
        .endContainer()
        .endSpec()
        .withNewStatus()
        .addNewContainerStatus()
        .withName("main")
        .withNewState()
        .withNewRunning("2026-01-01T00:00:00Z")
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
