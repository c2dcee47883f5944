package dev.shiplog.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.testing.InMemoryCluster;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod with one claim on the node "east". */
final class ClaimVolumesTest {

  private static final String DRIVER = "local-path.shiplog.dev";

  @TempDir private Path directory;
  private final InMemoryCluster cluster = new InMemoryCluster();
  private DirectoryPodFiles files;

  @BeforeEach
  void make() {
    files = TestVolumes.files(directory, cluster);
  }

  @Test
  void whatAPodWroteIsThereForTheNextOne() throws IOException {
    claim("uid-1", "pvc-1");
    cluster.put(volume("pvc-1", "uid-1", "east").build());

    files.prepareVolumes(pod("one"), List.of());
    Files.writeString(pathOf("one").resolve("file"), "kept");
    files.remove("one");
    files.prepareVolumes(pod("two"), List.of());

    assertThat(pathOf("two").resolve("file")).hasContent("kept");
  }

  @Test
  void aRuntimeIsToldOfTheDirectoryAndOfNoLink() throws IOException {
    claim("uid-1", "pvc-1");
    cluster.put(volume("pvc-1", "uid-1", "east").build());

    files.prepareVolumes(pod("one"), List.of());

    assertThat(pathOf("one").toRealPath()).isEqualTo(pathOf("one")).isDirectory();
  }

  @Test
  void aVolumeOfAnotherNodeIsNotUsed() {
    claim("uid-1", "pvc-1");
    cluster.put(volume("pvc-1", "uid-1", "west").build());

    assertRefused("lies on another node");
  }

  @Test
  void aVolumeOfAnotherClaimIsNotUsed() {
    claim("uid-1", "pvc-1");
    cluster.put(volume("pvc-1", "uid-of-another", "east").build());

    assertRefused("not bound to the pod's claim");
  }

  @Test
  void aPodWaitsForItsClaimToBeBound() {
    assertRefused("persistentvolumeclaim \"data\" not found");
    claim("uid-1", null);
    assertRefused("persistentvolumeclaim \"data\" is not bound");
  }

  @Test
  void aHandleLeadsToNoOtherPlace() {
    claim("uid-1", "pvc-1");
    cluster.put(
        volume("pvc-1", "uid-1", "east")
            .editSpec()
            .editCsi()
            .withVolumeHandle("../pods")
            .endCsi()
            .endSpec()
            .build());

    assertRefused("a volume cannot have the handle");
  }

  @Test
  void aPathOfTheHostIsUsedAsItIs() throws IOException {
    Path host = Files.createDirectory(directory.resolve("host"));
    claim("uid-1", "pvc-1");
    cluster.put(
        volume("pvc-1", "uid-1", "east")
            .editSpec()
            .withCsi(null)
            .withNewHostPath(host.toString(), "")
            .endSpec()
            .build());

    files.prepareVolumes(pod("one"), List.of());
    files.remove("one");

    assertThat(host).isDirectory();
  }

  @Test
  void aLocalBlockVolumeIsADeviceOfTheHost() throws IOException {
    Path device = anyBlockDevice();
    claim("uid-1", "pvc-1");
    cluster.put(block(device));

    files.prepareVolumes(pod("one"), List.of());

    assertThat(pathOf("one")).isEqualTo(device);
  }

  @Test
  void aFileIsNoBlockDevice() throws IOException {
    claim("uid-1", "pvc-1");
    cluster.put(block(Files.createFile(directory.resolve("file"))));

    assertRefused("file is not a block device");
  }

  private static PersistentVolume block(Path path) {
    return volume("pvc-1", "uid-1", "east")
        .editSpec()
        .withCsi(null)
        .withVolumeMode("Block")
        .withNewLocal()
        .withPath(path.toString())
        .endLocal()
        .endSpec()
        .build();
  }

  private static Path anyBlockDevice() throws IOException {
    try (Stream<Path> devices = Files.list(Path.of("/dev"))) {
      for (Path device : devices.toList()) {
        if (HostPathVolume.isBlockDevice(device)) {
          return device;
        }
      }
    }
    return abort("skipped: this machine has no block device");
  }

  @Test
  void theDirectoryOfADeletedVolumeIsRemovedAndNoOther() throws IOException {
    claim("uid-1", "pvc-1");
    cluster.put(volume("pvc-1", "uid-1", "east").build());
    files.prepareVolumes(pod("one"), List.of());
    Path kept = pathOf("one");

    files.removeAbandonedVolumes();
    assertThat(kept).isDirectory();

    cluster.deletePersistentVolume("pvc-1");
    files.removeAbandonedVolumes();
    assertThat(kept).doesNotExist();
  }

  private void assertRefused(String why) {
    assertThatThrownBy(() -> files.prepareVolumes(pod("one"), List.of()))
        .isInstanceOf(PodConfigException.class)
        .hasMessageContaining("MountVolume.SetUp failed for volume \"v\"")
        .hasMessageContaining(why);
  }

  private Path pathOf(String uid) {
    return files.volumes(pod(uid)).get("v");
  }

  private static Pod pod(String uid) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("app")
        .withUid(uid)
        .endMetadata()
        .withNewSpec()
        .addNewVolume()
        .withName("v")
        .withNewPersistentVolumeClaim("data", false)
        .endVolume()
        .endSpec()
        .build();
  }

  private void claim(String uid, String volume) {
    cluster.put(TestVolumes.claim(uid, volume).build());
  }

  private static PersistentVolumeBuilder volume(String name, String claimUid, String node) {
    return TestVolumes.volume(name, claimUid)
        .editSpec()
        .withNewCsi()
        .withDriver(DRIVER)
        .withVolumeHandle(name)
        .endCsi()
        .withNewNodeAffinity()
        .withNewRequired()
        .addNewNodeSelectorTerm()
        .addNewMatchExpression()
        .withKey("kubernetes.io/hostname")
        .withOperator("In")
        .withValues(node)
        .endMatchExpression()
        .endNodeSelectorTerm()
        .endRequired()
        .endNodeAffinity()
        .endSpec();
  }
}
