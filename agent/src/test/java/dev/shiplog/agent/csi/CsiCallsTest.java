package dev.shiplog.agent.csi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.csi.grpc.Csi.NodeGetVolumeStatsResponse;
import dev.shiplog.agent.csi.grpc.Csi.NodePublishVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeServiceCapability.RPC;
import dev.shiplog.agent.csi.grpc.Csi.NodeStageVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.VolumeCapability;
import dev.shiplog.agent.csi.grpc.Csi.VolumeCapability.AccessMode.Mode;
import dev.shiplog.agent.csi.grpc.Csi.VolumeUsage;
import dev.shiplog.agent.files.VolumeUse;
import dev.shiplog.agent.runtime.FsStats;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.SecretReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a driver is told of a volume, and asked about it. */
final class CsiCallsTest extends OnStorageNode {

  @Test
  void theDriverIsToldHowTheVolumeIsToBeUsed() {
    cluster.put(
        StorageNode.volume()
            .editSpec()
            .withMountOptions("noatime")
            .editCsi()
            .addToVolumeAttributes("pool", "a")
            .endCsi()
            .endSpec()
            .build());
    prepare(
        new PodBuilder(StorageNode.pod("one").build())
            .editSpec()
            .addNewVolume()
            .withName("files")
            .withNewPersistentVolumeClaim("data", true)
            .endVolume()
            .endSpec()
            .build());

    NodePublishVolumeRequest request = driver.last(NodePublishVolumeRequest.class);
    VolumeCapability use = request.getVolumeCapability();
    assertThat(request.getReadonly()).isTrue();
    assertThat(request.getVolumeContextMap()).isEqualTo(Map.of("pool", "a"));
    assertThat(use.getMount().getFsType()).isEqualTo("ext4");
    assertThat(use.getMount().getMountFlagsList()).containsExactly("noatime");
    assertThat(use.getAccessMode().getMode()).isEqualTo(Mode.SINGLE_NODE_MULTI_WRITER);
    assertThat(driver.last(NodeStageVolumeRequest.class).getVolumeCapability()).isEqualTo(use);
  }

  @Test
  void eachStepGetsTheSecretThatIsNamedForIt() {
    secret("for-staging", "c3RhZ2U=");
    secret("for-publishing", "cHVibGlzaA==");
    cluster.put(
        StorageNode.volume()
            .editSpec()
            .editCsi()
            .withNodeStageSecretRef(new SecretReference("for-staging", "storage"))
            .withNodePublishSecretRef(new SecretReference("for-publishing", "storage"))
            .endCsi()
            .endSpec()
            .build());

    prepare(StorageNode.withClaim("one"));

    assertThat(driver.last(NodeStageVolumeRequest.class).getSecretsMap())
        .isEqualTo(Map.of("key", "stage"));
    assertThat(driver.last(NodePublishVolumeRequest.class).getSecretsMap())
        .isEqualTo(Map.of("key", "publish"));
  }

  @Test
  void aMissingSecretIsNamed() {
    cluster.put(
        StorageNode.volume()
            .editSpec()
            .editCsi()
            .withNodePublishSecretRef(new SecretReference("lost", "storage"))
            .endCsi()
            .endSpec()
            .build());

    assertRefused(
        StorageNode.withClaim("one"), "failed to find the secret lost in the namespace storage");
  }

  @Test
  void aDriverThatWantsItGetsNewTokensOfThePodAgainAndAgain() {
    describe(spec ->
        spec.withRequiresRepublish(true)
            .addNewTokenRequest()
            .withAudience("vault")
            .endTokenRequest());
    prepare(StorageNode.withClaim("one"));
    String first = tokens();

    node.timers.advance(Duration.ofHours(1));
    prepare(StorageNode.withClaim("one"));

    assertThat(first).contains("\"vault\"").contains("-of-robot").contains("expirationTimestamp");
    assertThat(tokens()).isNotEqualTo(first);
    assertThat(node.files.mayChange(StorageNode.withClaim("one"))).isTrue();
  }

  @Test
  void aDriverThatCanIsAskedHowFullAVolumeIs() {
    driver.capabilities.add(RPC.Type.GET_VOLUME_STATS);
    driver.use =
        NodeGetVolumeStatsResponse.newBuilder()
            .addUsage(usage(VolumeUsage.Unit.BYTES, 60, 100, 40))
            .addUsage(usage(VolumeUsage.Unit.INODES, 7, 9, 2))
            .build();
    Pod pod = StorageNode.withClaim("one");
    prepare(pod);

    assertThat(node.files.volumeUse(List.of(pod)).get("one"))
        .containsExactly(
            new VolumeUse("files", Optional.of("data"), new FsStats(60, 100, 40, 9, 7, 2)));
  }

  @Test
  void aDriverThatCannotTellLeavesItsVolumesOut() {
    Pod pod = StorageNode.withClaim("one");
    prepare(pod);

    assertThat(node.files.volumeUse(List.of(pod))).isEmpty();
  }

  private static VolumeUsage.Builder usage(
      VolumeUsage.Unit unit, long available, long total, long used) {
    return VolumeUsage.newBuilder()
        .setUnit(unit)
        .setAvailable(available)
        .setTotal(total)
        .setUsed(used);
  }

  private void secret(String name, String value) {
    cluster.put(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace("storage")
            .withName(name)
            .endMetadata()
            .addToData("key", value)
            .build());
  }

  private String tokens() {
    return driver
        .last(NodePublishVolumeRequest.class)
        .getVolumeContextMap()
        .get("csi.storage.k8s.io/serviceAccount.tokens");
  }
}
