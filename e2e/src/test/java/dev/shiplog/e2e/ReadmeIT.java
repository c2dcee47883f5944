package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command of the README's {@code sh} blocks runs as written, in order, in one shell. */
final class ReadmeIT {

  private static final Duration AT_MOST = Duration.ofMinutes(8);

  @TempDir private Path home;

  @Test
  void theFirstTenMinutesWorkAsWritten() throws IOException {
    String commands = String.join("\n", shellBlocks());
    assertThat(commands).contains("./shiplog up --detach", "kubectl apply", "./shiplog down");
    String script = "set -eux -o pipefail\ncd " + Product.checkout() + "\n" + commands;

    try {
      Run run = Run.of(List.of("bash", "-c", script), environment(), AT_MOST);
      assertThat(run.exit()).as(run.toString()).isZero();
      assertThat(run.out()).contains("successfully rolled out", "running as process", "stopped");
    } finally {
      Run.of(
          List.of(Product.checkout().resolve("shiplog").toString(), "down"),
          Map.of("SHIPLOG_DATA_DIR", home.resolve(".shiplog").toString()),
          Duration.ofMinutes(2));
    }
  }

  /** No image can be pulled and no port taken for granted where tests run. */
  private Map<String, String> environment() {
    return Map.of(
        "HOME",
        home.toString(),
        "SHIPLOG_RUNTIME",
        "simulated",
        "SHIPLOG_PORT",
        "" + FreePort.next());
  }

  private static List<String> shellBlocks() throws IOException {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(Product.checkout().resolve("README.md"))) {
      if (line.startsWith("```")) {
        inside = line.equals("```sh");
      } else if (inside) {
        lines.add(line);
      }
    }
    return lines;
  }
}
