package dev.shiplog.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.probes.ProbeKind;
import dev.shiplog.agent.probes.ProbeTarget;
import dev.shiplog.agent.probes.RealProber;
import dev.shiplog.agent.runtime.ContainerResources;
import dev.shiplog.agent.runtime.ContainerSecurity;
import dev.shiplog.agent.runtime.ContainerSpec;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Exited;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.testing.ManualTimers;
import io.fabric8.kubernetes.api.model.Probe;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The life of a simulated container, by its pod's annotations. */
final class SimulatedRuntimeTest {

  private static final PodIdentity POD = new PodIdentity("uid", "default", "pod");

  private static final ContainerSpec CONTAINER =
      new ContainerSpec(
          "main",
          0,
          "",
          "image",
          List.of(),
          List.of(),
          "",
          List.of(),
          List.of(),
          List.of(),
          ContainerResources.NONE,
          ContainerSecurity.DEFAULT,
          "main/0.log",
          false,
          false,
          false,
          "",
          Map.of(),
          Map.of());

  private final ManualTimers timers = new ManualTimers(Instant.EPOCH);
  private final SimulatedRuntime runtime =
      new SimulatedRuntime(timers, new Random(1), "10.1.0.0/24", Simulation.PLAIN);
  private final SimulatedProber prober =
      new SimulatedProber(runtime, new RealProber(runtime, new SimulatedPodNetwork()), timers);

  private String created(Map<String, String> annotations) {
    SandboxSpec sandbox =
        new SandboxSpec(
            POD,
            0,
            "pod",
            Path.of("/logs"),
            SandboxSpec.Dns.HOST,
            List.of(),
            SandboxSpec.Namespaces.OWN,
            SandboxSpec.Security.DEFAULT,
            ContainerResources.NONE,
            "",
            "",
            Map.of(),
            annotations);
    return runtime.createContainer(runtime.startSandbox(sandbox).id(), sandbox, CONTAINER);
  }

  private String started(Map<String, String> annotations) {
    String id = created(annotations);
    runtime.startContainer(id);
    return id;
  }

  private ContainerStatus status() {
    return runtime.pod(POD.uid()).orElseThrow().containers().getFirst();
  }

  private boolean succeeds(ProbeKind kind, String id) {
    ProbeTarget target = new ProbeTarget(null, "", id, Instant.EPOCH);
    return prober.run(target, kind, new Probe()).success();
  }

  @Test
  void oneThatIsToEndEndsByItselfWithItsCodeAndReason() {
    String _ =
        started(
            Map.of(
                "simulated.shiplog.dev/run-time", "2s",
                "simulated.shiplog.dev/exit-code", "137",
                "simulated.shiplog.dev/exit-reason", "OOMKilled"));

    timers.advance(Duration.ofMillis(1999));
    assertThat(status().state()).isInstanceOf(Running.class);
    timers.advance(Duration.ofMillis(1));

    assertThat(status().state())
        .isInstanceOfSatisfying(
            Exited.class,
            exited -> {
              assertThat(exited.exitCode()).isEqualTo(137);
              assertThat(exited.reason()).isEqualTo("OOMKilled");
            });
  }

  @Test
  void oneThatIsToFailDoesNotStartForTheReasonGiven() {
    String id = created(Map.of("simulated.shiplog.dev/start-failure", "no such device"));

    assertThatThrownBy(() -> runtime.startContainer(id))
        .isInstanceOf(RuntimeRefusedException.class)
        .hasMessage("no such device");
  }

  @Test
  void oneWhoseAnnotationCannotBeUnderstoodDoesNotStartAndSaysWhy() {
    String id = created(Map.of("simulated.shiplog.dev/run-time", "a while"));

    assertThatThrownBy(() -> runtime.startContainer(id))
        .isInstanceOf(RuntimeRefusedException.class)
        .hasMessageContaining("annotation simulated.shiplog.dev/run-time: \"a while\" is no");
  }

  @Test
  void itsProbesFindWhatItIsToBeForTheTimeItRuns() {
    String id =
        started(
            Map.of(
                "simulated.shiplog.dev/ready-after", "5s",
                "simulated.shiplog.dev/ready-for", "20s",
                "simulated.shiplog.dev/live-for", "30s"));

    assertThat(succeeds(ProbeKind.STARTUP, id)).isFalse();
    assertThat(succeeds(ProbeKind.READINESS, id)).isFalse();
    assertThat(succeeds(ProbeKind.LIVENESS, id)).isTrue();

    timers.advance(Duration.ofSeconds(5));
    assertThat(succeeds(ProbeKind.STARTUP, id)).isTrue();
    assertThat(succeeds(ProbeKind.READINESS, id)).isTrue();

    timers.advance(Duration.ofSeconds(15));
    assertThat(succeeds(ProbeKind.READINESS, id)).isFalse();
    assertThat(succeeds(ProbeKind.LIVENESS, id)).isTrue();

    timers.advance(Duration.ofSeconds(10));
    assertThat(succeeds(ProbeKind.LIVENESS, id)).isFalse();
  }

  @Test
  void oneThatSaysNothingRunsAndAnswersForEver() {
    String id = started(Map.of());

    timers.advance(Duration.ofDays(1));

    assertThat(status().state()).isInstanceOf(Running.class);
    assertThat(succeeds(ProbeKind.READINESS, id)).isTrue();
    assertThat(succeeds(ProbeKind.LIVENESS, id)).isTrue();
  }
}
