package dev.shiplog.agent.csi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.csi.grpc.Csi.NodePublishVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeServiceCapability.RPC;
import dev.shiplog.agent.csi.grpc.Csi.NodeStageVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeUnstageVolumeRequest;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The life of a volume on a node: mounted for its pods, and given back after them. */
final class CsiMountsTest extends OnStorageNode {

  @Test
  void aPodSeesTheVolumeThatItClaims() {
    prepare(StorageNode.withClaim("one"));

    assertThat(pathOf(StorageNode.withClaim("one"), "files").resolve("volume"))
        .hasContent("handle-1");
  }

  @Test
  void aVolumeIsStagedOnceForAllPodsOfTheNodeAndPublishedForEach() {
    prepare(StorageNode.withClaim("one"));
    prepare(StorageNode.withClaim("two"));

    assertThat(driver.received(NodeStageVolumeRequest.class)).hasSize(1);
    assertThat(driver.published).hasSize(2);
    assertThat(driver.last(NodePublishVolumeRequest.class).getStagingTargetPath())
        .isEqualTo(driver.last(NodeStageVolumeRequest.class).getStagingTargetPath());
  }

  @Test
  void aVolumeIsUnstagedAfterItsLastPod() {
    prepare(StorageNode.withClaim("one"));
    prepare(StorageNode.withClaim("two"));

    node.files.remove("one");
    assertThat(driver.staged).hasSize(1);
    node.files.remove("two");

    assertThat(driver.published).isEmpty();
    assertThat(driver.staged).isEmpty();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aDriverThatStagesNothingIsOnlyAskedToPublish() throws IOException {
    driver.capabilities.remove(RPC.Type.STAGE_UNSTAGE_VOLUME);
    prepare(StorageNode.withClaim("one"));
    node.files.remove("one");

    assertThat(driver.received(NodeStageVolumeRequest.class)).isEmpty();
    assertThat(driver.received(NodeUnstageVolumeRequest.class)).isEmpty();
    assertThat(driver.last(NodePublishVolumeRequest.class).getStagingTargetPath()).isEmpty();
  }

  @Test
  void whatIsMountedIsNotMountedAgain() {
    prepare(StorageNode.withClaim("one"));
    prepare(StorageNode.withClaim("one"));

    assertThat(driver.received(NodePublishVolumeRequest.class)).hasSize(1);
  }

  @Test
  void aPodThatEndedGivesItsVolumesBackAndKeepsTheRest() {
    prepare(StorageNode.withClaim("one"));

    node.files.releaseVolumes("one");

    assertThat(driver.published).isEmpty();
    assertThat(driver.staged).isEmpty();
    assertThat(node.files.podUids()).contains("one");
  }

  @Test
  void aVolumeOfThePodAloneComesAndGoesWithThePod() {
    describe(spec -> spec.withVolumeLifecycleModes("Ephemeral").withPodInfoOnMount(true));

    prepare(StorageNode.withInline("one"));

    NodePublishVolumeRequest request = driver.last(NodePublishVolumeRequest.class);
    assertThat(request.getVolumeId()).matches("csi-[0-9a-f]{64}");
    assertThat(request.getStagingTargetPath()).isEmpty();
    assertThat(request.getVolumeContextMap())
        .containsEntry("kind", "fast")
        .containsEntry("csi.storage.k8s.io/ephemeral", "true")
        .containsEntry("csi.storage.k8s.io/pod.uid", "one")
        .containsEntry("csi.storage.k8s.io/serviceAccount.name", "robot");
    assertThat(pathOf(StorageNode.withInline("one"), "scratch").resolve("volume")).exists();
    node.files.remove("one");
    assertThat(driver.published).isEmpty();
  }

  @Test
  void aVolumeOfThePodAloneIsRefusedWhereTheDriverOffersNone() {
    assertRefused(
        StorageNode.withInline("one"),
        "volume mode \"Ephemeral\" not supported by driver dirs.example.com");
  }

  @Test
  void aVolumeThatHasToBeAttachedIsMountedOnceItIs() {
    describe(spec -> spec.withAttachRequired(true));
    assertRefused(StorageNode.withClaim("one"), "there is no VolumeAttachment csi-");
    StorageNode.attachment(cluster, false);
    assertRefused(StorageNode.withClaim("one"), "waits to be attached to this node");

    StorageNode.attachment(cluster, true);
    prepare(StorageNode.withClaim("one"));

    assertThat(driver.last(NodePublishVolumeRequest.class).getPublishContextMap())
        .isEqualTo(Map.of("device", "/dev/sdb"));
    assertThat(driver.last(NodeStageVolumeRequest.class).getPublishContextMap())
        .isEqualTo(Map.of("device", "/dev/sdb"));
  }

  @Test
  void anAttachedVolumeIsToldToBeInUseUntilItsPodHasGivenItBack() {
    describe(spec -> spec.withAttachRequired(true));
    StorageNode.attachment(cluster, true);

    prepare(StorageNode.withClaim("one"));
    assertThat(node.storage.volumes().inUse()).containsExactly(IN_USE);
    node.files.remove("one");

    assertThat(node.storage.volumes().inUse()).isEmpty();
  }

  @Test
  void aVolumeIsNotUsedBeforeTheNodesStatusTellsSo() {
    describe(spec -> spec.withAttachRequired(true));
    StorageNode.attachment(cluster, true);
    node.storage.volumes().onChange(() -> {});

    assertRefused(StorageNode.withClaim("one"), "waits for the node's status");

    assertThat(driver.published).isEmpty();
  }

  @Test
  void aBlockDeviceIsPublishedAsADeviceAndGoesWithItsPod() {
    cluster.put(StorageNode.volume().editSpec().withVolumeMode("Block").endSpec().build());
    Pod pod = StorageNode.withClaim("one");
    prepare(pod);

    assertThat(driver.last(NodeStageVolumeRequest.class).getVolumeCapability().hasBlock()).isTrue();
    assertThat(driver.last(NodePublishVolumeRequest.class).getVolumeCapability().hasBlock())
        .isTrue();
    assertThat(pathOf(pod, "files")).isRegularFile().hasContent("handle-1");

    node.files.remove("one");
    assertThat(driver.published).isEmpty();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aBlockDeviceIsNotMountedAndAFileSystemIsNoDevice() {
    Pod asDevice =
        new PodBuilder(StorageNode.withClaim("one"))
            .editSpec()
            .addNewContainer()
            .addNewVolumeDevice("/dev/raw", "files")
            .endContainer()
            .endSpec()
            .build();
    Pod mounted =
        new PodBuilder(StorageNode.withClaim("two"))
            .editSpec()
            .addNewContainer()
            .addNewVolumeMount()
            .withName("files")
            .endVolumeMount()
            .endContainer()
            .endSpec()
            .build();

    assertRefused(
        asDevice, "volume files has volumeMode Filesystem, but is specified in volumeDevices");
    cluster.put(StorageNode.volume().editSpec().withVolumeMode("Block").endSpec().build());
    assertRefused(mounted, "volume files has volumeMode Block, but is specified in volumeMounts");
  }
}
