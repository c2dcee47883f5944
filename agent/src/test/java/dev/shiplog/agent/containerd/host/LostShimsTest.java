package dev.shiplog.agent.containerd.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that nothing of containerd leads to any more. */
final class LostShimsTest {

  @TempDir private Path directory;
  private ContainerdLayout layout;
  private LostShims lost;
  private final List<Process> shims = new ArrayList<>();

  @BeforeEach
  void layOut() {
    layout = new ContainerdLayout(directory);
    lost = new LostShims(layout);
  }

  @AfterEach
  void end() {
    shims.forEach(Process::destroyForcibly);
  }

  @Test
  void aShimWhoseBundleIsGoneTheSecondTimeIsEnded() throws IOException {
    Process shim = shim("lost");

    lost.look();
    lost.look();

    await().until(() -> !shim.isAlive());
  }

  @Test
  void aShimWithItsBundleRunsOn() throws IOException {
    Files.createDirectories(bundle("owned"));

    assertRunsOn(shim("owned"));
  }

  @Test
  void aShimOfWhichAContainerIsLeftRunsOn() throws IOException {
    Path container = Files.createDirectories(bundle("container"));
    Files.writeString(
        container.resolve("config.json"),
        "{\"annotations\": {\"io.kubernetes.cri.sandbox-id\": \"sandbox\"}}");

    assertRunsOn(shim("sandbox"));
  }

  /** It is known which were ended once another is that was lost, too. */
  private void assertRunsOn(Process shim) throws IOException {
    Process other = shim("lost");
    lost.look();
    lost.look();
    await().until(() -> !other.isAlive());
    assertThat(shim.isAlive()).isTrue();
  }

  private Path bundle(String id) {
    return Remains.bundles(layout).resolve(id);
  }

  /** By its program and its arguments a process is known as a shim: this one is a shell. */
  private Process shim(String id) throws IOException {
    Path program = directory.resolve("containerd-shim-runc-v2");
    if (!Files.exists(program)) {
      Files.copy(Path.of("/bin/bash"), program, StandardCopyOption.COPY_ATTRIBUTES);
    }
    Process shim =
        new ProcessBuilder(
                program.toString(), "-s", "--", "-address", layout.socket().toString(), "-id", id)
            .start();
    shims.add(shim);
    await().until(() -> Shims.of(layout.socket()).anyMatch(each -> each.id().equals(id)));
    return shim;
  }
}
