package dev.shiplog.agent.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.csi.grpc.Csi.NodeExpandVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeGetVolumeStatsResponse;
import dev.shiplog.agent.csi.grpc.Csi.NodePublishVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeServiceCapability.RPC;
import dev.shiplog.agent.csi.grpc.Csi.NodeStageVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeUnpublishVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeUnstageVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.VolumeCapability;
import dev.shiplog.agent.csi.grpc.Csi.VolumeCapability.AccessMode.Mode;
import dev.shiplog.agent.csi.grpc.Csi.VolumeUsage;
import dev.shiplog.agent.files.VolumeUse;
import dev.shiplog.agent.runtime.FsStats;
import dev.shiplog.agent.testing.DirectoryDriver;
import dev.shiplog.agent.testing.InMemoryCluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.SecretReference;
import io.fabric8.kubernetes.api.model.storage.CSIDriverSpecBuilder;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node with a driver, and a claim bound to a volume of it. It is one file because every test is
 * about the life of that one volume.
 */
final class CsiMountsTest {

  private static final String IN_USE = "kubernetes.io/csi/dirs.example.com^handle-1";

  @TempDir private Path data;
  private final InMemoryCluster cluster = new InMemoryCluster();
  private DirectoryDriver driver;
  private StorageNode node;

  @BeforeEach
  void make() throws IOException {
    node = new StorageNode(data, cluster);
    driver = new DirectoryDriver(data).start();
    node.registerAll(driver);
    describe(spec -> spec);
    cluster.put(StorageNode.volume().build());
    StorageNode.claim(cluster);
  }

  @AfterEach
  void close() throws IOException {
    node.close();
    driver.close();
  }

  // --- how full volumes are

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

  // --- the lifecycle

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

  // --- what the driver is told

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

  // --- attachment

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

  // --- what goes wrong

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

  // --- the agent starts anew

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

  // --- growth and groups

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

  // --- helpers

  private void describe(UnaryOperator<CSIDriverSpecBuilder> how) {
    StorageNode.describe(cluster, how);
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

  private void prepare(Pod pod) {
    node.files.prepareVolumes(pod, List.of());
  }

  private void assertRefused(Pod pod, String words) {
    assertThatThrownBy(() -> prepare(pod))
        .isInstanceOf(PodConfigException.class)
        .hasMessageContaining(words);
  }

  private Path pathOf(Pod pod, String volume) {
    return node.files.volumes(pod).get(volume);
  }

  private String tokens() {
    return driver
        .last(NodePublishVolumeRequest.class)
        .getVolumeContextMap()
        .get("csi.storage.k8s.io/serviceAccount.tokens");
  }

  private void restart() {
    node.close();
    driver.told.clear();
    node = new StorageNode(data, cluster);
    node.registerAll(driver);
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

  /** Records and directories of volumes that are left. */
  private List<Path> leftovers() {
    try (var all = Files.walk(data)) {
      return all.filter(path -> path.endsWith("vol_data.json") || path.endsWith("globalmount"))
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
