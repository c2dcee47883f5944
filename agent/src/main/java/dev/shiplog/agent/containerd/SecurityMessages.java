package dev.shiplog.agent.containerd;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.ContainerSecurity;
import dev.shiplog.agent.runtime.ContainerSecurity.Identity;
import dev.shiplog.agent.runtime.ContainerSecurity.Profile;
import dev.shiplog.agent.runtime.ContainerSecurity.SelinuxLabel;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.runtime.SandboxSpec.Namespaces;
import java.util.List;
import java.util.Optional;

/** Rights and namespaces as CRI says them. */
final class SecurityMessages {

  /** CRI masks only what it is told to; these are what every Kubernetes node hides. */
  private static final List<String> MASKED_PATHS =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");

  private static final List<String> READ_ONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private SecurityMessages() {}

  static Cri.LinuxSandboxSecurityContext sandbox(SandboxSpec spec) {
    Identity identity = spec.security().identity();
    var message =
        Cri.LinuxSandboxSecurityContext.newBuilder()
            .setPrivileged(spec.security().privileged())
            .setNamespaceOptions(namespaces(spec.namespaces()))
            .addAllSupplementalGroups(identity.supplementalGroups());
    identity.user().ifPresent(user -> message.setRunAsUser(int64(user)));
    identity.group().ifPresent(group -> message.setRunAsGroup(int64(group)));
    profile(identity.seccomp()).ifPresent(message::setSeccomp);
    profile(identity.apparmor()).ifPresent(message::setApparmor);
    selinux(identity.selinux()).ifPresent(message::setSelinuxOptions);
    return message.build();
  }

  static Cri.LinuxContainerSecurityContext container(
      Namespaces namespaces, ContainerSecurity security) {
    Identity identity = security.identity();
    var message =
        Cri.LinuxContainerSecurityContext.newBuilder()
            .setPrivileged(security.privileged())
            .setNamespaceOptions(namespaces(namespaces))
            .setReadonlyRootfs(security.readOnlyRootFilesystem())
            .setNoNewPrivs(security.noNewPrivileges())
            .addAllSupplementalGroups(identity.supplementalGroups())
            .setCapabilities(
                Cri.Capability.newBuilder()
                    .addAllAddCapabilities(security.addCapabilities())
                    .addAllDropCapabilities(security.dropCapabilities()));
    identity.user().ifPresent(user -> message.setRunAsUser(int64(user)));
    identity.group().ifPresent(group -> message.setRunAsGroup(int64(group)));
    profile(identity.seccomp()).ifPresent(message::setSeccomp);
    profile(identity.apparmor()).ifPresent(message::setApparmor);
    selinux(identity.selinux()).ifPresent(message::setSelinuxOptions);
    if (!security.privileged() && !security.unmaskedProc()) {
      message.addAllMaskedPaths(MASKED_PATHS).addAllReadonlyPaths(READ_ONLY_PATHS);
    }
    return message.build();
  }

  private static Cri.NamespaceOption namespaces(Namespaces namespaces) {
    Cri.NamespaceMode own =
        namespaces.sharedPid() ? Cri.NamespaceMode.POD : Cri.NamespaceMode.CONTAINER;
    var option = Cri.NamespaceOption.newBuilder();
    option
        .setNetwork(namespaces.hostNetwork() ? Cri.NamespaceMode.NODE : Cri.NamespaceMode.POD)
        .setIpc(namespaces.hostIpc() ? Cri.NamespaceMode.NODE : Cri.NamespaceMode.POD)
        .setPid(namespaces.hostPid() ? Cri.NamespaceMode.NODE : own);
    namespaces
        .processesOf()
        .ifPresent(target -> option.setPid(Cri.NamespaceMode.TARGET).setTargetId(target));
    return option.build();
  }

  private static Optional<Cri.SecurityProfile> profile(Profile profile) {
    var message = Cri.SecurityProfile.newBuilder();
    return switch (profile.kind()) {
      case UNSPECIFIED -> Optional.empty();
      case RUNTIME_DEFAULT ->
          Optional.of(message.setProfileType(Cri.ProfileType.RuntimeDefault).build());
      case UNCONFINED -> Optional.of(message.setProfileType(Cri.ProfileType.Unconfined).build());
      case LOCALHOST ->
          Optional.of(
              message
                  .setProfileType(Cri.ProfileType.Localhost)
                  .setLocalhostRef(profile.localhost())
                  .build());
    };
  }

  private static Optional<Cri.SELinuxOption> selinux(SelinuxLabel label) {
    return Optional.ofNullable(label)
        .map(known ->
            Cri.SELinuxOption.newBuilder()
                .setUser(known.user())
                .setRole(known.role())
                .setType(known.type())
                .setLevel(known.level())
                .build());
  }

  private static Cri.Int64Value int64(long value) {
    return Cri.Int64Value.newBuilder().setValue(value).build();
  }
}
