package dev.shiplog.agent.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.container.ContainerSpecs.Surroundings;
import dev.shiplog.agent.runtime.ContainerSpec.Device;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The devices of a container, of a pod with a claim "raw". */
final class DeviceSpecsTest {

  private static final Path PUBLISHED = Path.of("/data/pods/uid/raw");

  @Test
  void aContainerReadsAndWritesItsDevice() {
    assertThat(devices("raw", false))
        .containsExactly(new Device("/data/pods/uid/raw", "/dev/raw", "mrw"));
  }

  @Test
  void aReadOnlyClaimsDeviceIsOnlyRead() {
    assertThat(devices("raw", true))
        .containsExactly(new Device("/data/pods/uid/raw", "/dev/raw", "r"));
  }

  @Test
  void aDeviceThatIsNoVolumeOfThePodIsRefused() {
    assertThatThrownBy(() -> devices("other", false))
        .isInstanceOf(PodConfigException.class)
        .hasMessageContaining("cannot find volume \"other\"");
  }

  private static List<Device> devices(String name, boolean readOnly) {
    Container container = new ContainerBuilder().addNewVolumeDevice("/dev/raw", name).build();
    var surroundings =
        new Surroundings(
            List.of(),
            Map.of("raw", PUBLISHED),
            (volume, _) -> volume,
            Path.of("/hosts"),
            Path.of("/log"));
    return DeviceSpecs.of(pod(readOnly), container, surroundings);
  }

  private static Pod pod(boolean readOnly) {
    return new PodBuilder()
        .withNewSpec()
        .addNewVolume()
        .withName("raw")
        .withNewPersistentVolumeClaim("data", readOnly)
        .endVolume()
        .endSpec()
        .build();
  }
}
