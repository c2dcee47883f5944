package dev.shiplog.agent.runtime;

import java.util.List;
import java.util.OptionalLong;

/**
 * Rights of a container.
 *
 * @param privileged all capabilities, all devices, nothing masked
 * @param identity user, groups and profiles
 * @param addCapabilities without the CAP_ prefix; {@code ALL} for all
 * @param dropCapabilities likewise
 * @param readOnlyRootFilesystem whether it can write nowhere but to its mounts
 * @param noNewPrivileges whether set-uid programs gain nothing
 * @param unmaskedProc whether /proc is shown whole instead of with the usual masks
 */
public record ContainerSecurity(
    boolean privileged,
    Identity identity,
    List<String> addCapabilities,
    List<String> dropCapabilities,
    boolean readOnlyRootFilesystem,
    boolean noNewPrivileges,
    boolean unmaskedProc) {

  public static final ContainerSecurity DEFAULT =
      new ContainerSecurity(false, Identity.OF_IMAGE, List.of(), List.of(), false, false, false);

  public ContainerSecurity {
    addCapabilities = List.copyOf(addCapabilities);
    dropCapabilities = List.copyOf(dropCapabilities);
  }

  /**
   * Who a process is for the kernel.
   *
   * @param user numeric user; empty for the image's
   * @param group numeric primary group; only with a user
   * @param supplementalGroups further groups, the pod's fsGroup among them
   * @param seccomp system call filter
   * @param apparmor profile of AppArmor, where the host has it
   * @param selinux label of SELinux; null for the runtime's
   */
  public record Identity(
      OptionalLong user,
      OptionalLong group,
      List<Long> supplementalGroups,
      Profile seccomp,
      Profile apparmor,
      SelinuxLabel selinux) {

    public static final Identity OF_IMAGE =
        new Identity(
            OptionalLong.empty(),
            OptionalLong.empty(),
            List.of(),
            Profile.UNSPECIFIED,
            Profile.UNSPECIFIED,
            null);

    public Identity {
      supplementalGroups = List.copyOf(supplementalGroups);
    }
  }

  /**
   * Which profile confines a process.
   *
   * @param localhost for {@link Kind#LOCALHOST} seccomp's absolute file or AppArmor's name, else
   *     empty
   */
  public record Profile(Kind kind, String localhost) {

    /** Nothing was asked for: what the runtime does by itself. */
    public static final Profile UNSPECIFIED = new Profile(Kind.UNSPECIFIED, "");

    /** Where a profile comes from. */
    public enum Kind {
      UNSPECIFIED,
      RUNTIME_DEFAULT,
      UNCONFINED,
      LOCALHOST
    }
  }

  /** The parts of an SELinux label; each may be empty. */
  public record SelinuxLabel(String user, String role, String type, String level) {}
}
