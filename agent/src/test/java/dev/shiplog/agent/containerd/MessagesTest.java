package dev.shiplog.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.ContainerSecurity;
import dev.shiplog.agent.runtime.ContainerSecurity.Identity;
import dev.shiplog.agent.runtime.ContainerSecurity.Profile;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.runtime.SandboxSpec.Namespaces;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How specs become CRI's messages. */
final class MessagesTest {

  private static final SandboxMessages SANDBOXES =
      new SandboxMessages(new Ownership("node-1"), new LinuxResources(false));
  private static final ContainerMessages CONTAINERS =
      new ContainerMessages(new Ownership("node-1"), new LinuxResources(false));
  private static final SandboxSpec SANDBOX = Specs.sandbox(Path.of("/logs"));

  private static ContainerSecurity security(boolean privileged, boolean unmaskedProc) {
    var identity =
        new Identity(
            OptionalLong.of(0),
            OptionalLong.of(7),
            List.of(9L),
            new Profile(Profile.Kind.RUNTIME_DEFAULT, ""),
            Profile.UNSPECIFIED,
            null);
    return new ContainerSecurity(
        privileged, identity, List.of("NET_ADMIN"), List.of("ALL"), true, true, unmaskedProc);
  }

  @Test
  void withoutDnsOfItsOwnASandboxHasTheHosts() {
    assertThat(SANDBOXES.config(SANDBOX).hasDnsConfig()).isFalse();
  }

  @Test
  void tracesOfProcAndSysAreMaskedUnlessThePodMaySeeThem() {
    var masked = SecurityMessages.container(Namespaces.OWN, security(false, false));
    assertThat(masked.getMaskedPathsList()).contains("/proc/kcore", "/sys/firmware");
    assertThat(masked.getReadonlyPathsList()).contains("/proc/sys");

    assertThat(
            SecurityMessages.container(Namespaces.OWN, security(false, true)).getMaskedPathsList())
        .isEmpty();
    assertThat(
            SecurityMessages.container(Namespaces.OWN, security(true, false)).getMaskedPathsList())
        .isEmpty();
  }

  @Test
  void userZeroIsAUserAndNoUserIsNone() {
    var root = SecurityMessages.container(Namespaces.OWN, security(false, false));
    assertThat(root.hasRunAsUser()).isTrue();
    assertThat(root.getRunAsGroup().getValue()).isEqualTo(7);

    var ofImage = SecurityMessages.container(Namespaces.OWN, ContainerSecurity.DEFAULT);
    assertThat(ofImage.hasRunAsUser()).isFalse();
    assertThat(ofImage.hasSeccomp()).isFalse();
  }

  @Test
  void rightsAreHandedOn() {
    var message = SecurityMessages.container(Namespaces.OWN, security(false, false));

    assertThat(message.getCapabilities().getAddCapabilitiesList()).containsExactly("NET_ADMIN");
    assertThat(message.getCapabilities().getDropCapabilitiesList()).containsExactly("ALL");
    assertThat(message.getReadonlyRootfs()).isTrue();
    assertThat(message.getNoNewPrivs()).isTrue();
    assertThat(message.getSupplementalGroupsList()).containsExactly(9L);
    assertThat(message.getSeccomp().getProfileType()).isEqualTo(Cri.ProfileType.RuntimeDefault);
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, CONTAINER",
    "false, true, POD",
    "true, false, NODE",
    "true, true, NODE"
  })
  void theProcessNamespaceIsTheContainersUnlessShared(
      boolean hostPid, boolean sharedPid, Cri.NamespaceMode mode) {
    var namespaces = new Namespaces(false, hostPid, false, sharedPid);

    assertThat(
            SecurityMessages.container(namespaces, ContainerSecurity.DEFAULT)
                .getNamespaceOptions()
                .getPid())
        .isEqualTo(mode);
  }

  @ParameterizedTest
  @CsvSource({
    "'', RUNTIME_DEFAULT",
    "SIGUSR1, SIGUSR1",
    "SIGRTMIN+3, SIGRTMINPLUS3",
    "SIGRTMAX-1, SIGRTMAXMINUS1"
  })
  void aStopSignalIsKnownByItsKubernetesName(String name, Cri.Signal signal) {
    var spec = Specs.withStopSignal(Specs.container("main", "sha256:1"), name);

    assertThat(CONTAINERS.config(SANDBOX, spec).getStopSignal()).isEqualTo(signal);
  }
}
