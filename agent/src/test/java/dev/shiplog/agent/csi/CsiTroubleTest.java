package dev.shiplog.agent.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.csi.grpc.Csi.NodePublishVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeUnpublishVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeUnstageVolumeRequest;
import io.grpc.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Volumes that cannot be mounted or given back, or not by the agent that began it. */
final class CsiTroubleTest extends OnStorageNode {

  @Test
  void aPodWaitsForADriverThatIsNotThere() {
    cluster.put(
        StorageNode.volume()
            .editSpec()
            .editCsi()
            .withDriver("other.example.com")
            .endCsi()
            .endSpec()
            .build());

    assertRefused(
        StorageNode.withClaim("one"),
        "driver name other.example.com not found in the list of registered CSI drivers");
    node.files.remove("one");
    assertThat(node.files.podUids()).isEmpty();
  }

  @Test
  void whatADriverSaysIsToldAndItIsAskedAgain() {
    driver.refuseNext(
        NodePublishVolumeRequest.class, Status.INVALID_ARGUMENT.withDescription("no such pool"));
    assertRefused(
        StorageNode.withClaim("one"),
        "MountVolume.SetUp failed for volume \"files\" : rpc error: code = InvalidArgument desc ="
            + " no such pool");

    prepare(StorageNode.withClaim("one"));

    assertThat(driver.published).hasSize(1);
  }

  @Test
  void aPodsFilesStayUntilTheDriverHasUnmountedItsVolume() {
    prepare(StorageNode.withClaim("one"));
    Path volume = pathOf(StorageNode.withClaim("one"), "files").resolve("volume");
    driver.refuseNext(NodeUnpublishVolumeRequest.class, Status.UNAVAILABLE);

    assertThatThrownBy(() -> node.files.remove("one")).isInstanceOf(PodConfigException.class);

    assertThat(volume).hasContent("handle-1");
    node.files.remove("one");
    assertThat(volume).doesNotExist();
  }

  @Test
  void aVolumeForOnePodIsRefusedToAnother() {
    cluster.put(
        StorageNode.volume().editSpec().withAccessModes("ReadWriteOncePod").endSpec().build());
    prepare(StorageNode.withClaim("one"));

    assertRefused(StorageNode.withClaim("two"), "is already in use by another pod");
  }

  @Test
  void aLaterAgentTakesAwayWhatAnEarlierOneMounted() {
    describe(spec -> spec.withAttachRequired(true));
    StorageNode.attachment(cluster, true);
    prepare(StorageNode.withClaim("one"));

    restart();
    assertThat(node.storage.volumes().inUse()).containsExactly(IN_USE);
    node.files.remove("one");

    assertThat(driver.published).isEmpty();
    assertThat(driver.staged).isEmpty();
    assertThat(node.storage.volumes().inUse()).isEmpty();
  }

  @Test
  void aLaterAgentHasMountedAgainWhatARebootTookAway() {
    prepare(StorageNode.withClaim("one"));
    driver.staged.clear();
    driver.published.clear();

    restart();
    prepare(StorageNode.withClaim("one"));

    assertThat(driver.staged).hasSize(1);
    assertThat(driver.published).hasSize(1);
  }

  @Test
  void whatWasStagedForAPodThatIsGoneIsUnstaged() {
    prepare(StorageNode.withClaim("one"));
    driver.refuseNext(NodeUnstageVolumeRequest.class, Status.UNAVAILABLE);
    assertThatThrownBy(() -> node.files.remove("one")).isInstanceOf(PodConfigException.class);

    restart();
    node.files.remove("one");
    node.files.removeAbandonedVolumes();

    assertThat(driver.staged).isEmpty();
    assertThat(leftovers()).isEmpty();
  }

  private void restart() {
    node.close();
    driver.told.clear();
    node = new StorageNode(data, cluster);
    node.registerAll(driver);
  }
}
