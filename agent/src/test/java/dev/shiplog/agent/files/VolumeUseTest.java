package dev.shiplog.agent.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.metrics.VolumeMetrics;
import dev.shiplog.agent.runtime.FsStats;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.usage.VolumeSamples;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How full the volumes of a pod are: an emptyDir, a claim, a path of the host. */
final class VolumeUseTest {

  private static final String UID = "uid-of-pod";

  @TempDir private Path directory;
  private final InMemoryCluster cluster = new InMemoryCluster();
  private DirectoryPodFiles files;

  @BeforeEach
  void make() throws IOException {
    files = TestVolumes.files(directory, cluster);
    Files.createDirectories(directory.resolve("host"));
    cluster.put(TestVolumes.claim("uid-of-claim", "pv").build());
  }

  @Test
  void filesOfAnEmptyDirAreCountedWithTheDirectoriesThatHoldThem() throws IOException {
    bindToLocal();
    files.prepareVolumes(pod(), List.of());
    Path scratch = files.volumes(pod()).get("scratch");
    Files.write(scratch.resolve("a"), new byte[1000]);
    Files.write(Files.createDirectory(scratch.resolve("sub")).resolve("b"), new byte[24]);

    FsStats stats = use("scratch").stats();

    assertThat(stats.usedBytes()).isEqualTo(1024);
    assertThat(stats.inodesUsed()).isEqualTo(4);
    assertThat(stats.capacityBytes()).isEqualTo(Files.getFileStore(scratch).getTotalSpace());
    assertThat(stats.availableBytes()).isPositive().isLessThan(stats.capacityBytes());
  }

  @Test
  void aLocalVolumeIsAFileSystemOfItsOwn() throws IOException {
    Path local = bindToLocal();
    files.prepareVolumes(pod(), List.of());

    VolumeUse use = use("kept");

    assertThat(use.claim()).hasValue("data");
    assertThat(use.stats().capacityBytes()).isEqualTo(Files.getFileStore(local).getTotalSpace());
    assertThat(use.stats().usedBytes()).isPositive();
  }

  @Test
  void aVolumeInADirectoryOfTheNodeIsWhatThatHolds() throws IOException {
    cluster.put(
        volume()
            .editSpec()
            .withNewCsi()
            .withDriver("local-path.shiplog.dev")
            .withVolumeHandle("pv")
            .endCsi()
            .withNewNodeAffinity()
            .endNodeAffinity()
            .endSpec()
            .build());
    files.prepareVolumes(pod(), List.of());
    Files.write(files.volumes(pod()).get("kept").resolve("file"), new byte[77]);

    assertThat(use("kept").stats().usedBytes()).isEqualTo(77);
  }

  @Test
  void aPathOfTheHostIsNotMeasured() throws IOException {
    bindToLocal();
    files.prepareVolumes(pod(), List.of());

    assertThat(files.volumeUse(List.of(pod())).get(UID))
        .extracting(VolumeUse::volume)
        .containsExactly("scratch", "kept");
  }

  @Test
  void neitherIsAPathOfTheHostBehindAClaim() {
    cluster.put(
        volume()
            .editSpec()
            .withNewHostPath(directory.resolve("host").toString(), "")
            .endSpec()
            .build());
    files.prepareVolumes(pod(), List.of());

    assertThat(files.volumeUse(List.of(pod())).get(UID))
        .extracting(VolumeUse::volume)
        .containsExactly("scratch");
  }

  @Test
  void metricsTellOfClaimsUnderTheKubeletsNamesUntilNoPodHasThem() throws IOException {
    Path local = bindToLocal();
    files.prepareVolumes(pod(), List.of());
    List<Pod> pods = new ArrayList<>(List.of(pod()));
    VolumeSamples samples = new VolumeSamples(files, () -> pods);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    VolumeMetrics metrics = new VolumeMetrics(registry);
    Runnable _ = metrics.add(samples);

    samples.sample(Instant.EPOCH);
    metrics.look();

    String labels = "{namespace=\"default\",persistentvolumeclaim=\"data\"} ";
    assertThat(registry.scrape())
        .contains(
            "kubelet_volume_stats_capacity_bytes"
                + labels
                + (double) Files.getFileStore(local).getTotalSpace())
        .contains("kubelet_volume_stats_available_bytes" + labels)
        .contains("kubelet_volume_stats_used_bytes" + labels)
        .contains("kubelet_volume_stats_inodes" + labels)
        .contains("kubelet_volume_stats_inodes_free" + labels)
        .contains("kubelet_volume_stats_inodes_used" + labels)
        .doesNotContain("scratch");

    pods.clear();
    samples.sample(Instant.EPOCH);
    metrics.look();

    assertThat(registry.scrape()).doesNotContain("kubelet_volume_stats_capacity_bytes{");
  }

  @Test
  void aPodWhoseVolumesAreNotThereHasNone() {
    assertThat(files.volumeUse(List.of(pod()))).isEmpty();
  }

  private VolumeUse use(String volume) {
    return files.volumeUse(List.of(pod())).get(UID).stream()
        .filter(each -> each.volume().equals(volume))
        .findFirst()
        .orElseThrow();
  }

  private Pod pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("app")
        .withUid(UID)
        .endMetadata()
        .withNewSpec()
        .addNewVolume()
        .withName("scratch")
        .withNewEmptyDir()
        .endEmptyDir()
        .endVolume()
        .addNewVolume()
        .withName("kept")
        .withNewPersistentVolumeClaim("data", false)
        .endVolume()
        .addNewVolume()
        .withName("host")
        .withNewHostPath(directory.resolve("host").toString(), "")
        .endVolume()
        .endSpec()
        .build();
  }

  private Path bindToLocal() throws IOException {
    Path local = Files.createDirectories(directory.resolve("local"));
    cluster.put(
        volume().editSpec().withNewLocal().withPath(local.toString()).endLocal().endSpec().build());
    return local;
  }

  private static PersistentVolumeBuilder volume() {
    return TestVolumes.volume("pv", "uid-of-claim");
  }
}
