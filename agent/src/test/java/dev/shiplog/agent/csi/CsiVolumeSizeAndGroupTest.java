package dev.shiplog.agent.csi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.csi.grpc.Csi.NodeExpandVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodePublishVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeServiceCapability.RPC;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Volumes that grow, and the groups that their files belong to. */
final class CsiVolumeSizeAndGroupTest extends OnStorageNode {

  @Test
  void aVolumeThatHasGrownIsFilledAndItsClaimSaysSo() {
    prepare(StorageNode.withClaim("one"));
    cluster.put(
        StorageNode.volume()
            .editSpec()
            .addToCapacity("storage", new Quantity("2Gi"))
            .endSpec()
            .build());

    prepare(StorageNode.withClaim("one"));

    NodeExpandVolumeRequest request = driver.last(NodeExpandVolumeRequest.class);
    assertThat(request.getCapacityRange().getRequiredBytes()).isEqualTo(2L << 30);
    assertThat(request.getVolumePath())
        .isEqualTo(driver.last(NodePublishVolumeRequest.class).getTargetPath());
    assertThat(cluster.storage().claimStatuses())
        .containsExactly(
            "default/data {\"capacity\":{\"storage\":\"2Gi\"},"
                + "\"allocatedResourceStatuses\":{\"storage\":null},\"conditions\":[]}");
  }

  @Test
  void aVolumeOfAFileSystemIsGivenToThePodsGroup() throws IOException {
    prepare(ofGroup("one"));

    assertThat(mode(pathOf(ofGroup("one"), "files")) & 02070).isEqualTo(02070);
  }

  @Test
  void aDriverThatWantsNoGroupsKeepsItsVolumesAsTheyAre() throws IOException {
    describe(spec -> spec.withFsGroupPolicy("None"));

    prepare(ofGroup("one"));

    assertThat(mode(pathOf(ofGroup("one"), "files")) & 02000).isZero();
  }

  @Test
  void aDriverThatMountsForAGroupDoesItItself() throws IOException {
    driver.capabilities.add(RPC.Type.VOLUME_MOUNT_GROUP);

    prepare(ofGroup("one"));

    assertThat(
            driver
                .last(NodePublishVolumeRequest.class)
                .getVolumeCapability()
                .getMount()
                .getVolumeMountGroup())
        .isEqualTo(Long.toString(ownGroup()));
    assertThat(mode(pathOf(ofGroup("one"), "files")) & 02000).isZero();
  }

  /** The process's own group, which it may give files to without being root. */
  private long ownGroup() throws IOException {
    return (int) Files.getAttribute(data, "unix:gid");
  }

  private Pod ofGroup(String uid) throws IOException {
    return new PodBuilder(StorageNode.withClaim(uid))
        .editSpec()
        .withNewSecurityContext()
        .withFsGroup(ownGroup())
        .endSecurityContext()
        .endSpec()
        .build();
  }

  private static int mode(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:mode");
  }
}
