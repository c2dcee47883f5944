package dev.shiplog.agent.files;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.csi.NodeStorage;
import dev.shiplog.agent.node.NodeSettings;
import dev.shiplog.agent.node.TestSettings;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.testing.ManualTimers;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;

/** Volumes, the claim "data" for them, and the node that has them, for tests. */
public final class TestVolumes {

  private TestVolumes() {}

  /** The files of the node "east", in a directory of the test. */
  static DirectoryPodFiles files(Path directory, InMemoryCluster cluster) {
    ManualTimers timers = new ManualTimers(Instant.EPOCH);
    NodeSettings settings = TestSettings.in(directory);
    AgentServices services =
        new AgentServices(
            cluster, timers, Runnable::run, new Random(1), new RecordingFaultHandler());
    return new DirectoryPodFiles(
        settings,
        new ConfigSource(cluster, timers),
        cluster,
        timers,
        new NodeStorage("east", settings.dataDirectory(), services));
  }

  /** The claim "data"; it is bound unless the volume is null. */
  public static PersistentVolumeClaimBuilder claim(String uid, String volume) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("data")
        .withUid(uid)
        .endMetadata()
        .withNewSpec()
        .withVolumeName(volume)
        .endSpec();
  }

  /** A volume that is bound to a claim and lies nowhere yet. */
  public static PersistentVolumeBuilder volume(String name, String claimUid) {
    return new PersistentVolumeBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withNewClaimRef()
        .withUid(claimUid)
        .endClaimRef()
        .endSpec();
  }
}
