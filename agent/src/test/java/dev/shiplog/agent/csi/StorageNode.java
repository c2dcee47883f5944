package dev.shiplog.agent.csi;

import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.files.DirectoryPodFiles;
import dev.shiplog.agent.files.PodFiles;
import dev.shiplog.agent.files.TestVolumes;
import dev.shiplog.agent.node.TestSettings;
import dev.shiplog.agent.testing.DirectoryDriver;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.testing.ManualTimers;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.CSIDriverBuilder;
import io.fabric8.kubernetes.api.model.storage.CSIDriverSpec;
import io.fabric8.kubernetes.api.model.storage.CSIDriverSpecBuilder;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachmentBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/**
 * The storage of the node "east", which reports at once what volumes are in use. A cluster and a
 * data directory may outlive it, as they outlive an agent.
 */
final class StorageNode implements AutoCloseable {

  final ManualTimers timers = new ManualTimers(Instant.parse("2026-01-01T00:00:00Z"));
  final RecordingFaultHandler faults = new RecordingFaultHandler();
  final InMemoryCluster cluster;
  final NodeStorage storage;
  final PodFiles files;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  StorageNode(Path data, InMemoryCluster cluster) {
    this.cluster = cluster;
    AgentServices services = new AgentServices(cluster, timers, threads, new Random(1), faults);
    storage = new NodeStorage("east", data, services);
    storage.recall();
    storage.volumes().onChange(() -> storage.volumes().reported(storage.volumes().inUse()));
    files =
        new DirectoryPodFiles(
            TestSettings.of(data, data.resolve("logs")),
            new ConfigSource(cluster, timers),
            cluster,
            timers,
            storage);
    storage.start(registered());
  }

  private Node registered() {
    return cluster
        .node("east")
        .orElseGet(() ->
            cluster.createNode(
                new NodeBuilder().withNewMetadata().withName("east").endMetadata().build()));
  }

  /** Looks at what drivers there are until one of them was told the outcome. */
  void registerAll(DirectoryDriver driver) {
    await()
        .until(() -> {
          timers.advance(PluginWatch.LOOK_EVERY.multipliedBy(2));
          return !driver.told.isEmpty();
        });
  }

  @Override
  public void close() {
    storage.close();
    threads.close();
    faults.assertNone();
  }

  // --- what is in the cluster

  /** The driver, which attaches nothing unless the test says so. */
  static void describe(InMemoryCluster cluster, UnaryOperator<CSIDriverSpecBuilder> how) {
    CSIDriverSpec spec = how.apply(new CSIDriverSpecBuilder().withAttachRequired(false)).build();
    cluster
        .storage()
        .put(
            new CSIDriverBuilder()
                .withNewMetadata()
                .withName(DirectoryDriver.NAME)
                .endMetadata()
                .withSpec(spec)
                .build());
  }

  /** A volume of the driver and the claim that is bound to it, both called "data". */
  static PersistentVolumeBuilder volume() {
    return TestVolumes.volume("pv-data", "uid-of-claim")
        .editSpec()
        .withAccessModes("ReadWriteOnce")
        .addToCapacity("storage", new Quantity("1Gi"))
        .withNewCsi()
        .withDriver(DirectoryDriver.NAME)
        .withVolumeHandle("handle-1")
        .withFsType("ext4")
        .endCsi()
        .endSpec();
  }

  static void claim(InMemoryCluster cluster) {
    cluster.put(
        TestVolumes.claim("uid-of-claim", "pv-data")
            .withNewStatus()
            .addToCapacity("storage", new Quantity("1Gi"))
            .endStatus()
            .build());
  }

  /** The volume is attached to the node, or is about to be. */
  static void attachment(InMemoryCluster cluster, boolean attached) {
    cluster
        .storage()
        .put(
            new VolumeAttachmentBuilder()
                .withNewMetadata()
                .withName(Names.attachment("handle-1", DirectoryDriver.NAME, "east"))
                .endMetadata()
                .withNewStatus()
                .withAttached(attached)
                .addToAttachmentMetadata("device", "/dev/sdb")
                .endStatus()
                .build());
  }

  static PodBuilder pod(String uid) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("pod-" + uid)
        .withUid(uid)
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName("robot")
        .endSpec();
  }

  static Pod withClaim(String uid) {
    return pod(uid)
        .editSpec()
        .addNewVolume()
        .withName("files")
        .withNewPersistentVolumeClaim("data", false)
        .endVolume()
        .endSpec()
        .build();
  }

  static Pod withInline(String uid) {
    return pod(uid)
        .editSpec()
        .addNewVolume()
        .withName("scratch")
        .withNewCsi()
        .withDriver(DirectoryDriver.NAME)
        .addToVolumeAttributes("kind", "fast")
        .endCsi()
        .endVolume()
        .endSpec()
        .build();
  }
}
