package dev.shiplog.agent.container;

import dev.shiplog.agent.container.ContainerSpecs.Surroundings;
import dev.shiplog.agent.runtime.ContainerSpec.Device;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeDevice;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A container's block devices: volumes that are not mounted. */
final class DeviceSpecs {

  private static final String READ_WRITE = "mrw";
  private static final String READ_ONLY = "r";

  private DeviceSpecs() {}

  /** The devices, in order. */
  static List<Device> of(Pod pod, Container container, Surroundings surroundings) {
    Set<String> readOnly = MountSpecs.readOnly(pod);
    return container.getVolumeDevices().stream()
        .map(device -> of(device, readOnly, surroundings))
        .toList();
  }

  private static Device of(VolumeDevice device, Set<String> readOnly, Surroundings surroundings) {
    Path volume = surroundings.volumes().get(device.getName());
    if (volume == null) {
      throw new PodConfigException("cannot find volume \"" + device.getName() + "\" as a device");
    }
    return new Device(
        volume.toString(),
        device.getDevicePath(),
        readOnly.contains(device.getName()) ? READ_ONLY : READ_WRITE);
  }
}
