package dev.shiplog.agent.containerd;

import com.google.protobuf.ByteString;
import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.ContainerSpec;
import dev.shiplog.agent.runtime.ContainerSpec.Device;
import dev.shiplog.agent.runtime.ContainerSpec.EnvironmentVariable;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.Mount;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import dev.shiplog.agent.runtime.SandboxSpec;
import java.nio.file.Path;

/**
 * Containers between the contract and CRI.
 *
 * @param ownership labels that mark them as this agent's
 * @param resources arithmetic of limits
 */
record ContainerMessages(Ownership ownership, LinuxResources resources) {

  Cri.ContainerConfig config(SandboxSpec sandbox, ContainerSpec spec) {
    return Cri.ContainerConfig.newBuilder()
        .setMetadata(
            Cri.ContainerMetadata.newBuilder().setName(spec.name()).setAttempt(spec.attempt()))
        .setImage(
            Cri.ImageSpec.newBuilder().setImage(spec.imageId()).setUserSpecifiedImage(spec.image()))
        .addAllCommand(spec.command())
        .addAllArgs(spec.args())
        .setWorkingDir(spec.workingDirectory())
        .addAllEnvs(spec.environment().stream().map(ContainerMessages::variable).toList())
        .addAllMounts(spec.mounts().stream().map(ContainerMessages::mount).toList())
        .addAllDevices(spec.devices().stream().map(ContainerMessages::device).toList())
        .putAllLabels(ownership.containerLabels(sandbox.pod(), spec.name(), spec.labels()))
        .putAllAnnotations(Ownership.containerAnnotations(spec.image(), spec.annotations()))
        .setLogPath(spec.logPath())
        .setStdin(spec.stdin())
        .setStdinOnce(spec.stdinOnce())
        .setTty(spec.tty())
        .setStopSignal(stopSignal(spec.stopSignal()))
        .setLinux(
            Cri.LinuxContainerConfig.newBuilder()
                .setResources(resources.message(spec.resources()))
                .setSecurityContext(
                    SecurityMessages.container(sandbox.namespaces(), spec.security())))
        .build();
  }

  private static Cri.KeyValue variable(EnvironmentVariable variable) {
    return Cri.KeyValue.newBuilder()
        .setKey(variable.name())
        .setValue(ByteString.copyFromUtf8(variable.value()))
        .build();
  }

  private static Cri.Mount mount(Mount mount) {
    Cri.MountPropagation propagation =
        switch (mount.propagation()) {
          case NONE -> Cri.MountPropagation.PROPAGATION_PRIVATE;
          case HOST_TO_CONTAINER -> Cri.MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
          case BIDIRECTIONAL -> Cri.MountPropagation.PROPAGATION_BIDIRECTIONAL;
        };
    return Cri.Mount.newBuilder()
        .setHostPath(mount.hostPath().toString())
        .setContainerPath(mount.containerPath())
        .setReadonly(mount.readOnly())
        .setPropagation(propagation)
        .build();
  }

  private static Cri.Device device(Device device) {
    return Cri.Device.newBuilder()
        .setHostPath(device.hostPath())
        .setContainerPath(device.containerPath())
        .setPermissions(device.permissions())
        .build();
  }

  /** Kubernetes writes SIGRTMIN+1 where CRI has SIGRTMINPLUS1. */
  private static Cri.Signal stopSignal(String name) {
    if (name.isEmpty()) {
      return Cri.Signal.RUNTIME_DEFAULT;
    }
    try {
      return Cri.Signal.valueOf(name.replace("+", "PLUS").replace("-", "MINUS"));
    } catch (IllegalArgumentException e) {
      throw new RuntimeRefusedException("", "there is no signal \"" + name + "\"", e);
    }
  }

  static ContainerStatus status(Cri.ContainerStatus status, String sandboxId) {
    return new ContainerStatus(
        status.getId(),
        sandboxId,
        Ownership.pod(status.getLabelsMap()),
        status.getMetadata().getName(),
        status.getMetadata().getAttempt(),
        state(status),
        Ownership.image(status.getAnnotationsMap(), status.getImage().getImage()),
        status.getImageRef(),
        Times.instant(status.getCreatedAt()),
        Path.of(status.getLogPath()),
        Ownership.without(status.getLabelsMap()),
        Ownership.without(status.getAnnotationsMap()));
  }

  private static ContainerStatus.State state(Cri.ContainerStatus status) {
    return switch (status.getState()) {
      case CONTAINER_CREATED -> new ContainerStatus.Created();
      case CONTAINER_RUNNING -> new ContainerStatus.Running(Times.instant(status.getStartedAt()));
      case CONTAINER_EXITED ->
          new ContainerStatus.Exited(
              status.getExitCode(),
              0,
              status.getReason(),
              status.getMessage(),
              Times.instantOrNull(status.getStartedAt()),
              Times.instant(status.getFinishedAt()));
      case CONTAINER_UNKNOWN, UNRECOGNIZED -> new ContainerStatus.Unknown();
    };
  }
}
