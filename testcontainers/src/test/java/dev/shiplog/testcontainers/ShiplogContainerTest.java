package dev.shiplog.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can be said without an engine; that the image understands it, ImageIT shows. */
final class ShiplogContainerTest {

  private static final String WRITTEN =
      """
      apiVersion: v1
      kind: Config
      clusters:
      - name: shiplog
        cluster:
          server: https://127.0.0.1:6443
      contexts:
      - name: shiplog
        context: {cluster: shiplog}
      current-context: shiplog
      """;

  @Test
  void itsPortIsTheApiServers() {
    try (ShiplogContainer container = new ShiplogContainer()) {
      assertThat(container.getExposedPorts()).containsExactly(6443);
    }
  }

  @Test
  void itBringsUpSimulatedNodesBehindTheNameClientsUse() {
    List<String> arguments = ShiplogContainer.arguments(3, "docker.example");

    assertThat(arguments).startsWith("up").containsSequence("--bind", "0.0.0.0");
    assertThat(arguments).containsSequence("--runtime", "simulated", "--nodes", "3");
    assertThat(arguments).containsSequence("--advertise", "docker.example");
  }

  @Test
  void theKubeconfigLeadsToTheMappedPort() {
    String reached = ShiplogContainer.reachedAt("https://docker.example:32801", WRITTEN);

    assertThat(Config.fromKubeconfig(reached).getMasterUrl())
        .isEqualTo("https://docker.example:32801/");
    assertThat(reached.replace("https://docker.example:32801", "https://127.0.0.1:6443"))
        .isEqualTo(WRITTEN);
  }

  @Test
  void thereIsNoKubeconfigBeforeItRuns() {
    try (ShiplogContainer container = new ShiplogContainer()) {
      assertThatThrownBy(container::kubeconfig).hasMessage("the container was not started");
    }
  }

  @Test
  void aClusterWithoutNodesIsRefused() {
    try (ShiplogContainer container = new ShiplogContainer()) {
      assertThatThrownBy(() -> container.withNodes(0)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theImageIsTheOneThatThisVersionMakes() throws IOException {
    String pom = Files.readString(Path.of("../pom.xml"));
    String version = pom.replaceFirst("(?s).*?\n  <version>(.*?)</version>.*", "$1");

    assertThat(ShiplogContainer.IMAGE).isEqualTo("shiplog:" + version);
  }
}
