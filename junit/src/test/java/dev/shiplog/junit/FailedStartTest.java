package dev.shiplog.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shiplog.standalone.InProcessCluster;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.UpOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts start side by side; one that fails takes the others along. */
final class FailedStartTest {

  private final List<String> faults = new CopyOnWriteArrayList<>();

  @Test
  void aClusterWhosePortIsTakenLeavesNothingRunning(@TempDir Path directory) throws Exception {
    UpOptions options;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      options = ShiplogCluster.options(directory, taken.getLocalPort(), 1, "");
      assertThatThrownBy(() -> start(options)).hasMessageContaining("did not start");
    }

    try (InProcessCluster another = start(options)) {
      assertThat(another.server()).endsWith(":" + options.port());
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void aClusterWhoseKafkaCannotStartLeavesNothingOpenedAhead(@TempDir Path directory)
      throws Exception {
    Set<Thread> before = threadsOfVertx();
    UpOptions options = ShiplogCluster.options(directory, 0, 1, "");
    Files.writeString(options.data().kafka(), "no directory");

    assertThatThrownBy(() -> start(options)).isInstanceOf(StartFailure.class);

    await().atMost(Duration.ofSeconds(60)).until(() -> before.containsAll(threadsOfVertx()));
  }

  private static Set<Thread> threadsOfVertx() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("vert.x-"))
        .collect(Collectors.toSet());
  }

  private InProcessCluster start(UpOptions options) {
    return InProcessCluster.start(options, (what, cause) -> faults.add(what));
  }
}
