package dev.shiplog.agent.container;

import dev.shiplog.agent.container.ContainerSpecs.Surroundings;
import dev.shiplog.agent.runtime.Mount;
import dev.shiplog.agent.runtime.Mount.Propagation;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A container's mounts: its volumes, the hosts file, and where it may say why it ended. */
final class MountSpecs {

  private static final String HOSTS = "/etc/hosts";

  private MountSpecs() {}

  /**
   * The mounts, in order.
   *
   * @param variables for subPathExpr
   */
  static List<Mount> of(
      Pod pod, Container container, Surroundings surroundings, Map<String, String> variables) {
    Set<String> readOnly = readOnly(pod);
    List<Mount> mounts = new ArrayList<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      mounts.add(of(mount, readOnly, surroundings, variables));
    }
    if (mounts.stream().noneMatch(mount -> mount.containerPath().equals(HOSTS))) {
      mounts.add(new Mount(surroundings.hosts(), HOSTS, false, Propagation.NONE));
    }
    if (container.getTerminationMessagePath() != null
        && !container.getTerminationMessagePath().isEmpty()) {
      mounts.add(
          new Mount(
              surroundings.terminationLog(),
              container.getTerminationMessagePath(),
              false,
              Propagation.NONE));
    }
    return mounts;
  }

  /** Volumes that nobody may write to: what the cluster says, and claims used for reading. */
  static Set<String> readOnly(Pod pod) {
    return pod.getSpec().getVolumes().stream()
        .filter(volume ->
            volume.getConfigMap() != null
                || volume.getSecret() != null
                || volume.getDownwardAPI() != null
                || volume.getProjected() != null
                || (volume.getCsi() != null && Boolean.TRUE.equals(volume.getCsi().getReadOnly()))
                || (volume.getPersistentVolumeClaim() != null
                    && Boolean.TRUE.equals(volume.getPersistentVolumeClaim().getReadOnly())))
        .map(Volume::getName)
        .collect(Collectors.toSet());
  }

  private static Mount of(
      VolumeMount mount,
      Set<String> readOnly,
      Surroundings surroundings,
      Map<String, String> variables) {
    Path volume = surroundings.volumes().get(mount.getName());
    if (volume == null) {
      throw new PodConfigException("cannot find volume \"" + mount.getName() + "\" to mount");
    }
    String subPath = subPath(mount, variables);
    return new Mount(
        subPath.isEmpty() ? volume : surroundings.subPaths().apply(volume, subPath),
        absolute(mount.getMountPath()),
        Boolean.TRUE.equals(mount.getReadOnly()) || readOnly.contains(mount.getName()),
        propagation(mount.getMountPropagation()));
  }

  private static String subPath(VolumeMount mount, Map<String, String> variables) {
    if (mount.getSubPathExpr() != null && !mount.getSubPathExpr().isEmpty()) {
      return VariableExpansion.expand(mount.getSubPathExpr(), variables);
    }
    return mount.getSubPath() == null ? "" : mount.getSubPath();
  }

  private static String absolute(String containerPath) {
    return containerPath.startsWith("/") ? containerPath : "/" + containerPath;
  }

  private static Propagation propagation(String name) {
    return switch (name == null ? "None" : name) {
      case "HostToContainer" -> Propagation.HOST_TO_CONTAINER;
      case "Bidirectional" -> Propagation.BIDIRECTIONAL;
      default -> Propagation.NONE;
    };
  }
}
