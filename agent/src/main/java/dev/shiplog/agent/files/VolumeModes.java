package dev.shiplog.agent.files;

import dev.shiplog.agent.container.PodConfigException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.stream.Stream;

/** Whether containers use a volume as what it is: a file system to mount, or a device. */
final class VolumeModes {

  private VolumeModes() {}

  /**
   * Refuses a pod that takes one for the other.
   *
   * @param device whether the volume is a device
   */
  static void require(Pod pod, String volume, boolean device) {
    if (device && mounts(pod).anyMatch(volume::equals)) {
      throw new PodConfigException(
          "volume %s has volumeMode Block, but is specified in volumeMounts".formatted(volume));
    }
    if (!device && devices(pod).anyMatch(volume::equals)) {
      throw new PodConfigException(
          "volume %s has volumeMode Filesystem, but is specified in volumeDevices"
              .formatted(volume));
    }
  }

  private static Stream<String> mounts(Pod pod) {
    return containers(pod)
        .flatMap(container -> container.getVolumeMounts().stream())
        .map(mount -> mount.getName());
  }

  private static Stream<String> devices(Pod pod) {
    return containers(pod)
        .flatMap(container -> container.getVolumeDevices().stream())
        .map(device -> device.getName());
  }

  private static Stream<Container> containers(Pod pod) {
    return Stream.of(pod.getSpec().getInitContainers(), pod.getSpec().getContainers())
        .flatMap(List::stream);
  }
}
