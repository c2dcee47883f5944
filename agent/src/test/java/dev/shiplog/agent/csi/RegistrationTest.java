package dev.shiplog.agent.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.csi.grpc.Csi;
import dev.shiplog.agent.csi.registration.PluginRegistration.RegistrationStatus;
import dev.shiplog.agent.testing.DirectoryDriver;
import dev.shiplog.agent.testing.InMemoryCluster;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.storage.CSINode;
import io.fabric8.kubernetes.api.model.storage.CSINodeDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver that comes to a node without drivers. */
final class RegistrationTest {

  @TempDir private Path data;
  private final InMemoryCluster cluster = new InMemoryCluster();
  private StorageNode node;
  private DirectoryDriver driver;

  @BeforeEach
  void make() {
    node = new StorageNode(data, cluster);
    driver = new DirectoryDriver(data);
  }

  @AfterEach
  void close() throws IOException {
    node.close();
    driver.close();
  }

  @Test
  void aNodeWithoutDriversHasAnEmptyCsiNodeOfItsOwn() throws IOException {
    driver.start();

    CSINode object =
        await().until(() -> cluster.storage().csiNode("east").orElse(null), o -> o != null);

    assertThat(object.getSpec().getDrivers()).isEmpty();
    assertThat(object.getMetadata().getOwnerReferences().getFirst().getUid())
        .isEqualTo("uid-of-east");
  }

  @Test
  void aDriverThatShowsItsSocketIsToldOfInTheCluster() throws IOException {
    register();

    CSINodeDriver entry = drivers().getFirst();
    assertThat(entry.getName()).isEqualTo(DirectoryDriver.NAME);
    assertThat(entry.getNodeID()).isEqualTo("id-of-east");
    assertThat(entry.getTopologyKeys()).containsExactly("dirs.example.com/rack");
    assertThat(entry.getAllocatable().getCount()).isEqualTo(9);
    assertThat(meta().getLabels()).containsEntry("dirs.example.com/rack", "r1");
    assertThat(meta().getAnnotations())
        .containsEntry("csi.volume.kubernetes.io/nodeid", "{\"dirs.example.com\":\"id-of-east\"}");
    assertThat(outcome().getPluginRegistered()).isTrue();
  }

  @Test
  void aDriverWithoutBoundSaysNothingOfHowManyVolumesFit() throws IOException {
    driver.here = driver.here.toBuilder().setMaxVolumesPerNode(0).build();

    register();

    assertThat(drivers().getFirst().getAllocatable()).isNull();
  }

  @Test
  void aDriverWhoseSocketGoesIsForgotten() throws IOException {
    register();

    driver.stop();

    await()
        .until(() -> {
          node.timers.advance(PluginWatch.LOOK_EVERY.multipliedBy(2));
          return drivers().isEmpty() && meta().getAnnotations().isEmpty();
        });
    driver.start();
  }

  @Test
  void aDriverThatStartsAnewIsRegisteredAnew() throws IOException {
    register();
    driver.stop();
    driver.told.clear();
    driver.here = driver.here.toBuilder().setMaxVolumesPerNode(12).build();

    register();

    await()
        .untilAsserted(() ->
            assertThat(drivers())
                .extracting(each -> each.getAllocatable().getCount())
                .containsExactly(12));
  }

  @Test
  void aDriverThatGivesTheNodeNoIdIsToldSo() throws IOException {
    driver.here = Csi.NodeGetInfoResponse.getDefaultInstance();

    register();

    assertThat(outcome().getPluginRegistered()).isFalse();
    assertThat(outcome().getError()).contains("the driver gives the node no id");
  }

  @Test
  void aDriverThatWasRefusedIsAskedAgain() throws IOException {
    Csi.NodeGetInfoResponse right = driver.here;
    driver.here = Csi.NodeGetInfoResponse.getDefaultInstance();
    register();
    driver.told.clear();
    driver.here = right;

    node.registerAll(driver);

    assertThat(outcome().getPluginRegistered()).isTrue();
  }

  @Test
  void aPluginThatIsNoStorageDriverIsRefused() throws IOException {
    driver.info = driver.info.toBuilder().setType("DevicePlugin").build();

    register();

    assertThat(outcome().getError()).contains("no use for a plugin of type \"DevicePlugin\"");
  }

  @Test
  void aDriverOfAnotherVersionIsRefused() throws IOException {
    driver.info =
        driver.info.toBuilder().clearSupportedVersions().addSupportedVersions("0.3.0").build();

    register();

    assertThat(outcome().getError()).contains("a driver has to speak version 1");
  }

  @Test
  void aDriverThatContradictsALabelOfTheNodeIsRefused() throws IOException {
    cluster.put(
        new NodeBuilder()
            .withNewMetadata()
            .withName("east")
            .withLabels(Map.of("dirs.example.com/rack", "r2"))
            .endMetadata()
            .build());

    register();

    assertThat(outcome().getError()).contains("detected topology value collision");
    assertThat(drivers()).isEmpty();
  }

  private void register() throws IOException {
    driver.start();
    node.registerAll(driver);
  }

  private RegistrationStatus outcome() {
    return driver.told.getLast();
  }

  private List<CSINodeDriver> drivers() {
    return cluster.storage().csiNode("east").orElseThrow().getSpec().getDrivers();
  }

  private ObjectMeta meta() {
    return cluster.node("east").orElseThrow().getMetadata();
  }
}
