package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./shiplog} says what it does and fails with one clear sentence. */
@ExtendWith(SimulatedCluster.class)
final class LauncherIT {

  private static final Duration SOON = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private final Product running;

  LauncherIT(Product running) {
    this.running = running;
  }

  @Test
  void aSecondUpOnTheSameDataDirectorySaysSo() {
    Run second =
        running.run(List.of("up", "--runtime", "simulated", "--port", "" + FreePort.next()), SOON);
    assertOneSentence(second, "is in use by the Shiplog with process id " + running.pid());
  }

  @Test
  void aTakenPortIsNamed() {
    Product other = Product.on(directory.resolve("data"));
    Run up =
        other.run(List.of("up", "--runtime", "simulated", "--port", "" + running.port()), SOON);
    assertOneSentence(up, "port " + running.port());
  }

  @Test
  void anUnreachableKafkaIsNamed() {
    Product other = Product.on(directory.resolve("data"));
    Run up =
        other.run(
            List.of(
                "up",
                "--runtime",
                "simulated",
                "--port",
                "" + FreePort.next(),
                "--kafka",
                "127.0.0.1:1"),
            SOON);
    assertOneSentence(up, "127.0.0.1:1");
  }

  @Test
  void aDataDirectoryThatCannotBeMadeIsNamed() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    Product other = Product.on(file);
    Run up =
        other.run(List.of("up", "--runtime", "simulated", "--port", "" + FreePort.next()), SOON);
    assertOneSentence(up, file.toString());
  }

  @Test
  void anUnknownOptionIsNamed() {
    Run up = running.run(List.of("up", "--colour"), SOON).failed();
    assertThat(up.err()).contains("--colour");
  }

  @Test
  void statusTellsWhetherItRuns() {
    assertThat(running.run(List.of("status"), SOON).succeeded().out())
        .contains("running as process " + running.pid());
    Run other = Product.on(directory.resolve("none")).run(List.of("status"), SOON).failed();
    assertThat(other.out()).contains("not running");
  }

  @Test
  void helpListsTheCommands() {
    assertThat(running.run(List.of("--help"), SOON).succeeded().out())
        .contains("up", "down", "status", "test");
  }

  @Test
  void itStopsAndComesBackWithEverything() {
    try (Product product = Product.on(directory.resolve("data"), "--runtime", "simulated")) {
      Run up = product.up();
      assertThat(up.out()).contains("kafka", "api", "export KUBECONFIG=", "ready after");
      Kubectl kubectl = product.kubectl();
      kubectl.ok("create configmap kept --from-literal=a=b");
      String revision =
          kubectl.ok("get configmap kept -o jsonpath={.metadata.uid},{.metadata.resourceVersion}");

      product.down();
      assertThat(product.run(List.of("status"), SOON).out()).contains("not running");
      product.up();

      assertThat(
              kubectl.ok(
                  "get configmap kept -o jsonpath={.metadata.uid},{.metadata.resourceVersion}"))
          .isEqualTo(revision);
    }
  }

  private static void assertOneSentence(Run run, String contained) {
    run.failed();
    assertThat(run.err().strip().lines()).hasSize(1);
    assertThat(run.err()).startsWith("shiplog: ").contains(contained);
  }
}
