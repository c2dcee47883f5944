package dev.shiplog.agent.container;

import dev.shiplog.agent.runtime.ContainerSecurity;
import dev.shiplog.agent.runtime.ContainerSecurity.Identity;
import dev.shiplog.agent.runtime.ContainerSecurity.Profile;
import dev.shiplog.agent.runtime.ContainerSecurity.SelinuxLabel;
import dev.shiplog.agent.runtime.ImageInfo;
import dev.shiplog.agent.runtime.SandboxSpec;
import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SELinuxOptions;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Rights of containers: the container's own word counts before the pod's. */
final class SecuritySpecs {

  private static final PodSecurityContext NO_POD = new PodSecurityContextBuilder().build();
  private static final SecurityContext NO_CONTAINER = new SecurityContextBuilder().build();

  private SecuritySpecs() {}

  static SandboxSpec.Security ofSandbox(Pod pod) {
    PodSecurityContext security = ofPod(pod);
    boolean privileged =
        pod.getSpec().getContainers().stream().anyMatch(each -> isTrue(own(each).getPrivileged()));
    var sysctls =
        security.getSysctls().stream()
            .collect(Collectors.toMap(Sysctl::getName, Sysctl::getValue, (first, last) -> last));
    return new SandboxSpec.Security(privileged, sysctls, identity(pod, NO_CONTAINER));
  }

  static ContainerSecurity of(Pod pod, Container container) {
    SecurityContext own = own(container);
    Capabilities capabilities = own.getCapabilities();
    return new ContainerSecurity(
        isTrue(own.getPrivileged()),
        identity(pod, own),
        capabilities == null ? List.of() : capabilities.getAdd(),
        capabilities == null ? List.of() : capabilities.getDrop(),
        isTrue(own.getReadOnlyRootFilesystem()),
        Boolean.FALSE.equals(own.getAllowPrivilegeEscalation()),
        "Unmasked".equals(own.getProcMount()));
  }

  /**
   * Holds a container to its runAsNonRoot.
   *
   * @throws PodConfigException if it would run as root, or may
   */
  static void requireNonRoot(Pod pod, Container container, ImageInfo image) {
    SecurityContext own = own(container);
    if (!isTrue(
        either(
            own,
            ofPod(pod),
            SecurityContext::getRunAsNonRoot,
            PodSecurityContext::getRunAsNonRoot))) {
      return;
    }
    Long user =
        either(own, ofPod(pod), SecurityContext::getRunAsUser, PodSecurityContext::getRunAsUser);
    String who =
        " (pod: \"" + pod.getMetadata().getName() + "\", container: " + container.getName() + ")";
    if (user != null) {
      if (user == 0) {
        throw new PodConfigException("container's runAsUser breaks non-root policy" + who);
      }
    } else if (!image.userName().isEmpty()) {
      throw new PodConfigException(
          "container has runAsNonRoot and image has non-numeric user ("
              + image.userName()
              + "), cannot verify user is non-root"
              + who);
    } else if (image.user().orElse(0) == 0) {
      throw new PodConfigException("container has runAsNonRoot and image will run as root" + who);
    }
  }

  private static Identity identity(Pod pod, SecurityContext own) {
    PodSecurityContext security = ofPod(pod);
    return new Identity(
        optional(
            either(own, security, SecurityContext::getRunAsUser, PodSecurityContext::getRunAsUser)),
        optional(
            either(
                own, security, SecurityContext::getRunAsGroup, PodSecurityContext::getRunAsGroup)),
        groups(security),
        seccomp(
            either(
                own,
                security,
                SecurityContext::getSeccompProfile,
                PodSecurityContext::getSeccompProfile)),
        apparmor(
            either(
                own,
                security,
                SecurityContext::getAppArmorProfile,
                PodSecurityContext::getAppArmorProfile)),
        selinux(
            either(
                own,
                security,
                SecurityContext::getSeLinuxOptions,
                PodSecurityContext::getSeLinuxOptions)));
  }

  private static List<Long> groups(PodSecurityContext security) {
    List<Long> groups = new ArrayList<>(security.getSupplementalGroups());
    if (security.getFsGroup() != null) {
      groups.add(security.getFsGroup());
    }
    return groups;
  }

  private static Profile seccomp(SeccompProfile profile) {
    return profile == null
        ? Profile.UNSPECIFIED
        : profile(profile.getType(), profile.getLocalhostProfile());
  }

  private static Profile apparmor(AppArmorProfile profile) {
    return profile == null
        ? Profile.UNSPECIFIED
        : profile(profile.getType(), profile.getLocalhostProfile());
  }

  private static Profile profile(String type, String localhost) {
    return switch (type) {
      case "RuntimeDefault" -> new Profile(Profile.Kind.RUNTIME_DEFAULT, "");
      case "Unconfined" -> new Profile(Profile.Kind.UNCONFINED, "");
      case "Localhost" -> new Profile(Profile.Kind.LOCALHOST, localhost);
      default -> throw new PodConfigException("unknown security profile type " + type);
    };
  }

  private static SelinuxLabel selinux(SELinuxOptions options) {
    return options == null
        ? null
        : new SelinuxLabel(
            orEmpty(options.getUser()),
            orEmpty(options.getRole()),
            orEmpty(options.getType()),
            orEmpty(options.getLevel()));
  }

  private static <T> T either(
      SecurityContext own,
      PodSecurityContext pod,
      Function<SecurityContext, T> first,
      Function<PodSecurityContext, T> second) {
    T value = first.apply(own);
    return value == null ? second.apply(pod) : value;
  }

  private static PodSecurityContext ofPod(Pod pod) {
    PodSecurityContext security = pod.getSpec().getSecurityContext();
    return security == null ? NO_POD : security;
  }

  private static SecurityContext own(Container container) {
    SecurityContext security = container.getSecurityContext();
    return security == null ? NO_CONTAINER : security;
  }

  private static OptionalLong optional(Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static boolean isTrue(Boolean value) {
    return Boolean.TRUE.equals(value);
  }

  private static String orEmpty(String value) {
    return value == null ? "" : value;
  }
}
