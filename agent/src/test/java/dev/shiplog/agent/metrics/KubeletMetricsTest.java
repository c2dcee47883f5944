package dev.shiplog.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.runtime.ContainerResources;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.RuntimeUnavailableException;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.testing.ControlledRuntime;
import dev.shiplog.agent.testing.ManualTimers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KubeletMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final KubeletMetrics metrics = new KubeletMetrics(registry);
  private final ControlledRuntime controlled =
      new ControlledRuntime(new ManualTimers(Instant.EPOCH));
  private final PodRuntime runtime = metrics.measure(controlled);

  private static SandboxSpec sandbox(String name) {
    return new SandboxSpec(
        new PodIdentity("uid-" + name, "default", name),
        0,
        name,
        Path.of("/logs"),
        SandboxSpec.Dns.HOST,
        List.of(),
        SandboxSpec.Namespaces.OWN,
        SandboxSpec.Security.DEFAULT,
        ContainerResources.NONE,
        "",
        "",
        Map.of(),
        Map.of());
  }

  private double calls(String type) {
    return registry.get("kubelet.runtime.operations").tag("operation_type", type).counter().count();
  }

  private double errors(String type) {
    return registry
        .get("kubelet.runtime.operations.errors")
        .tag("operation_type", type)
        .counter()
        .count();
  }

  @Test
  void callsAreCountedAndTimedUnderTheKubeletsNames() {
    runtime.startSandbox(sandbox("a"));
    assertThat(calls("run_podsandbox")).isEqualTo(1);
    assertThat(errors("run_podsandbox")).isZero();
    assertThat(registry.get("kubelet.runtime.operations.duration").timer().count()).isEqualTo(1);
  }

  @Test
  void aCallThatFailsIsAnErrorAndFailsForItsCallerToo() {
    controlled.fail("startSandbox", new RuntimeUnavailableException("gone", null));
    assertThatThrownBy(() -> runtime.startSandbox(sandbox("a"))).hasMessage("gone");
    assertThat(calls("run_podsandbox")).isEqualTo(1);
    assertThat(errors("run_podsandbox")).isEqualTo(1);
  }

  @Test
  void podsAreThoseWhoseSandboxIsThere() {
    String stopped = runtime.startSandbox(sandbox("a")).id();
    runtime.startSandbox(sandbox("b"));
    runtime.stopSandbox(stopped);
    metrics.look();
    assertThat(registry.get("kubelet.running.pods").gauge().value()).isEqualTo(1);
  }
}
