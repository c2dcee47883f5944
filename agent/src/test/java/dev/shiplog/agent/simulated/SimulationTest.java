package dev.shiplog.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.SandboxStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How simulated containers behave, by a file of stages and by their pods' annotations. */
final class SimulationTest {

  private static String stage(String name, String spec) {
    return """
    apiVersion: simulated.shiplog.dev/v1alpha1
    kind: Stage
    metadata: {name: %s}
    spec: %s
    """
        .formatted(name, spec);
  }

  private static Behaviour behaviour(
      String file, Map<String, String> labels, Map<String, String> annotations) {
    return Simulation.parse(file).behaviour(sandbox("shop", labels, annotations), "main", 1);
  }

  private static SandboxStatus sandbox(
      String namespace, Map<String, String> labels, Map<String, String> annotations) {
    return new SandboxStatus(
        "sandbox",
        new PodIdentity("uid", namespace, "pod"),
        0,
        true,
        Instant.EPOCH,
        List.of(),
        false,
        labels,
        annotations);
  }

  @Test
  void aStageSaysWhatAllContainersDoThatItSelects() {
    String file =
        stage(
            "slow",
            """
            {selector: {namespaces: [shop], containers: [main], matchLabels: {app: db},
              matchExpressions: [{key: tier, operator: NotIn, values: [test]}]},
              container: {start-delay: 3s, run-time: 1m, exit-code: 7, exit-reason: OOMKilled}}
            """
                .replace("\n", " "));

    Behaviour selected = behaviour(file, Map.of("app", "db", "tier", "live"), Map.of());

    assertThat(selected.startDelay()).isEqualTo(Duration.ofSeconds(3));
    assertThat(selected.runTime()).hasValue(Duration.ofMinutes(1));
    assertThat(selected.exitCode()).isEqualTo(7);
    assertThat(selected.exitReason()).hasValue("OOMKilled");
    assertThat(behaviour(file, Map.of("app", "web"), Map.of()).startDelay()).isZero();
    assertThat(behaviour(file, Map.of("app", "db", "tier", "test"), Map.of()).startDelay())
        .isZero();
    SandboxStatus elsewhere = sandbox("other", Map.of("app", "db"), Map.of());
    assertThat(Simulation.parse(file).behaviour(elsewhere, "main", 1).startDelay()).isZero();
    SandboxStatus here = sandbox("shop", Map.of("app", "db"), Map.of());
    assertThat(Simulation.parse(file).behaviour(here, "side", 1).startDelay()).isZero();
  }

  @Test
  void anAnnotationCountsMoreThanAStageAndOneForTheContainerMost() {
    String file = stage("all", "{container: {start-delay: 3s, stop-delay: 4s, exit-code: 5}}");

    Behaviour behaviour =
        behaviour(
            file,
            Map.of(),
            Map.of(
                "simulated.shiplog.dev/stop-delay", "6s",
                "simulated.shiplog.dev/exit-code", "7",
                "simulated.shiplog.dev/exit-code.main", "8",
                "simulated.shiplog.dev/exit-code.side", "9"));

    assertThat(behaviour.startDelay()).isEqualTo(Duration.ofSeconds(3));
    assertThat(behaviour.stopDelay()).isEqualTo(Duration.ofSeconds(6));
    assertThat(behaviour.exitCode()).isEqualTo(8);
  }

  @Test
  void ofTheStagesThatSelectAContainerOneIsDrawnByWeight() {
    Simulation simulation =
        Simulation.parse(
            stage("fails", "{weight: 1, container: {exit-code: 1, run-time: 1s}}")
                + "---\n"
                + stage("ends", "{weight: 3, container: {exit-code: 0, run-time: 1s}}")
                + "---\n"
                + stage("never", "{weight: 0, container: {exit-code: 2}}"));

    long failing =
        IntStream.range(0, 400)
            .map(dice ->
                simulation.behaviour(sandbox("a", Map.of(), Map.of()), "main", dice).exitCode())
            .filter(code -> code == 1)
            .count();

    assertThat(failing).isEqualTo(100);
  }

  @Test
  void aDelayBetweenBoundsDiffersFromContainerToContainerAndNotForOne() {
    Simulation simulation = Simulation.parse(stage("all", "{container: {start-delay: 1s..2s}}"));

    List<Duration> delays =
        IntStream.range(0, 100)
            .mapToObj(dice ->
                simulation.behaviour(sandbox("a", Map.of(), Map.of()), "main", dice).startDelay())
            .toList();

    assertThat(delays)
        .allMatch(delay -> delay.compareTo(Duration.ofSeconds(1)) >= 0)
        .allMatch(delay -> delay.compareTo(Duration.ofSeconds(2)) <= 0);
    assertThat(delays.stream().distinct().count()).isGreaterThan(50);
    assertThat(simulation.behaviour(sandbox("a", Map.of(), Map.of()), "main", 7).startDelay())
        .isEqualTo(delays.get(7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{container: {start-delay: soon}} | stage x: spec.container.start-delay: \"soon\" is no",
        "{container: {start-delay: 3s..1s}} | ends before it begins",
        "{container: {exit-code: 300}} | spec.container.exit-code: \"300\" is no number from 0",
        "{container: {startDelay: 3s}} | spec.container.startDelay is none of start-delay, start-f",
        "{container: {cpu: 1}} | spec.container.cpu is none of",
        "{container: {}} | stage x: spec.container says what",
        "{weight: -1, container: {exit-code: 1}} | spec.weight is -1, but has to be 0 or more",
        "{selectors: {}, container: {exit-code: 1}} | stage 1, line 4: Unrecognized field",
        "{selector: {matchExpressions: [{key: a, operator: In}]}} | operator In of a needs values",
        "{container: [} | line 4"
      })
  void whatCannotBeUnderstoodIsSaidWithItsPlace(String spec, String message) {
    assertThatThrownBy(() -> Simulation.parse(stage("x", spec)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message.strip());
  }

  @Test
  void stagesOfAnotherVersionAreRefused() {
    assertThatThrownBy(() ->
            Simulation.parse(stage("x", "{container: {exit-code: 1}}").replace("v1alpha1", "v1")))
        .hasMessage("stage x: apiVersion has to be simulated.shiplog.dev/v1alpha1");
  }

  @Test
  void aFileThatIsNotThereIsNamed(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("stages.yaml");
    assertThatThrownBy(() -> Simulation.read(file)).hasMessageContaining("cannot read " + file);
    Files.writeString(file, "kind: Stage");
    assertThatThrownBy(() -> Simulation.read(file)).hasMessageStartingWith(file + ": stage 1: ");
  }

  @ParameterizedTest
  @CsvSource({
    "simulated.shiplog.dev/run-time, never, annotation simulated.shiplog.dev/run-time: \"never\"",
    "simulated.shiplog.dev/runtime, 1s, annotation simulated.shiplog.dev/runtime is none of",
    "simulated.shiplog.dev/exit-code.main, x, annotation simulated.shiplog.dev/exit-code.main:"
  })
  void anAnnotationThatCannotBeUnderstoodIsNamed(String key, String value, String message) {
    assertThatThrownBy(() -> behaviour("", Map.of(), Map.of(key, value)))
        .hasMessageContaining(message.strip());
  }
}
