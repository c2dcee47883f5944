package dev.shiplog.agent.containerd.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found of a containerd's doings on the disk, while it does not run. */
final class RemainsTest {

  @TempDir private Path directory;
  private ContainerdLayout layout;

  @BeforeEach
  void layOut() {
    layout = new ContainerdLayout(directory);
  }

  @Test
  void whereNothingEverRanNothingRemains() {
    assertThat(Remains.of(layout)).isEqualTo(new Remains(layout, Set.of(), List.of()));
  }

  @Test
  void whateverHasATaskOrAnAddressRemains() throws IOException {
    Files.createDirectories(bundle("task"));
    Path addresses = Files.createDirectories(layout.addressDirectory().resolve("shiplog"));
    Files.writeString(addresses.resolve("10.244.0.7"), "sandbox\r\neth0");
    Files.writeString(addresses.resolve("last_reserved_ip.0"), "10.244.0.7");
    Files.writeString(addresses.resolve("lock"), "");

    assertThat(Remains.of(layout).ids()).containsExactlyInAnyOrder("task", "sandbox");
  }

  @Test
  void namespacesThatAreMountedNoMoreAreForgotten() throws IOException {
    Path lost = Files.createDirectories(layout.networkNamespaces()).resolve("cni-1");
    Files.writeString(lost, "");
    assertThat(Remains.of(layout).namespaces()).containsExactly(lost);

    Remains.forgetLostNamespaces(layout);

    assertThat(Remains.of(layout).namespaces()).isEmpty();
  }

  private Path bundle(String id) {
    return layout.state().resolve("io.containerd.runtime.v2.task").resolve("k8s.io").resolve(id);
  }
}
