package dev.shiplog.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.standalone.InProcessCluster;
import dev.shiplog.standalone.UpOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

  private InProcessCluster start(UpOptions options) {
    return InProcessCluster.start(options, (what, cause) -> faults.add(what));
  }
}
