package dev.shiplog.agent.csi;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.testing.DirectoryDriver;
import dev.shiplog.agent.testing.InMemoryCluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.CSIDriverSpecBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with a node with a driver, and a claim bound to a volume of it. */
abstract class OnStorageNode {

  static final String IN_USE = "kubernetes.io/csi/dirs.example.com^handle-1";

  @TempDir Path data;
  final InMemoryCluster cluster = new InMemoryCluster();
  DirectoryDriver driver;
  StorageNode node;

  @BeforeEach
  final void startNode() throws IOException {
    node = new StorageNode(data, cluster);
    driver = new DirectoryDriver(data).start();
    node.registerAll(driver);
    describe(spec -> spec);
    cluster.put(StorageNode.volume().build());
    StorageNode.claim(cluster);
  }

  @AfterEach
  final void closeNode() throws IOException {
    node.close();
    driver.close();
  }

  final void describe(UnaryOperator<CSIDriverSpecBuilder> how) {
    StorageNode.describe(cluster, how);
  }

  final void prepare(Pod pod) {
    node.files.prepareVolumes(pod, List.of());
  }

  final void assertRefused(Pod pod, String words) {
    assertThatThrownBy(() -> prepare(pod))
        .isInstanceOf(PodConfigException.class)
        .hasMessageContaining(words);
  }

  final Path pathOf(Pod pod, String volume) {
    return node.files.volumes(pod).get(volume);
  }

  /** Records and directories of volumes that are left. */
  final List<Path> leftovers() {
    try (var all = Files.walk(data)) {
      return all.filter(path -> path.endsWith("vol_data.json") || path.endsWith("globalmount"))
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
