package dev.shiplog.agent.containerd.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.host.ProgramPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With programs, and an apt-get, that are shell scripts in a directory of their own. */
final class ContainerdInstallTest {

  private static final List<String> PROGRAMS =
      List.of("containerd", "ctr", "runc", "nft", "ip", "iptables");
  private static final List<String> PLUGINS = List.of("ptp", "host-local", "portmap", "loopback");

  @TempDir Path directory;
  private Path programs;
  private Path plugins;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void makeDirectories() throws IOException {
    programs = Files.createDirectory(directory.resolve("bin"));
    plugins = Files.createDirectory(directory.resolve("cni"));
  }

  private ContainerdInstall install(boolean root) {
    return new ContainerdInstall(
        new Programs.Places(new ProgramPath(List.of(programs)), List.of(plugins)), root, said::add);
  }

  private static void script(Path file, String... lines) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private void provideAllBut(String... missing) throws IOException {
    for (String program : PROGRAMS) {
      if (!List.of(missing).contains(program)) {
        script(programs.resolve(program), "exit 0");
      }
    }
    for (String plugin : PLUGINS) {
      script(plugins.resolve(plugin), "exit 0");
    }
  }

  /** An apt-get that writes down its arguments, then does what the lines say. */
  private void provideAptGet(String... lines) throws IOException {
    script(
        programs.resolve("apt-get"),
        "echo \"$DEBIAN_FRONTEND $@\" >> " + directory.resolve("calls"),
        String.join("\n", lines));
  }

  private String copyOf(String program) {
    return "cp %1$s/apt-get %1$s/%2$s".formatted(programs, program);
  }

  @Test
  void whatIsThereIsFoundAndNothingInstalled() throws Exception {
    provideAllBut();
    provideAptGet("exit 1");

    Programs found = install(true).findOrInstall(true);

    assertThat(found.containerd()).isEqualTo(programs.resolve("containerd"));
    assertThat(found.cniDirectory()).isEqualTo(plugins);
    assertThat(said).isEmpty();
  }

  @Test
  void onlyWhatIsMissingIsInstalledAndSaidBefore() throws Exception {
    provideAllBut("runc", "nft");
    provideAptGet(copyOf("runc"), copyOf("nft"));

    install(true).findOrInstall(true);

    assertThat(said)
        .containsExactly("installing runc nftables with apt-get (containers need them) ...");
    assertThat(directory.resolve("calls"))
        .hasContent(
            "noninteractive install -y --no-install-recommends --no-remove"
                + " -o DPkg::Lock::Timeout=60 runc nftables");
  }

  @Test
  void aPackageOfTwoProgramsIsInstalledOnce() throws Exception {
    provideAllBut("containerd", "ctr");
    provideAptGet(copyOf("containerd"), copyOf("ctr"));

    install(true).findOrInstall(true);

    assertThat(directory.resolve("calls")).content().contains("Timeout=60 containerd\n");
  }

  @Test
  void aFailedInstallationIsTriedAgainWithFreshLists() throws Exception {
    provideAllBut("runc");
    String fresh = directory.resolve("fresh").toString();
    provideAptGet(
        "if [ $1 = update ]; then touch " + fresh + "; exit 0; fi",
        "[ -e " + fresh + " ] || { echo 'E: Unable to locate package runc' >&2; exit 100; }",
        copyOf("runc"));

    assertThat(install(true).findOrInstall(true).runc()).isEqualTo(programs.resolve("runc"));
  }

  @Test
  void anInstallationThatFailsSaysWhy() throws Exception {
    provideAllBut("runc");
    provideAptGet("echo 'E: Packages need to be removed but remove is disabled.' >&2; exit 100");

    assertThatThrownBy(() -> install(true).findOrInstall(true))
        .isInstanceOf(ContainerdException.class)
        .hasMessage(
            "could not install runc: E: Packages need to be removed but remove is disabled.");
  }

  @Test
  void anInstallationThatBringsNothingSaysSo() throws Exception {
    provideAllBut("runc");
    provideAptGet("exit 0");

    assertThatThrownBy(() -> install(true).findOrInstall(true))
        .isInstanceOf(ContainerdException.class)
        .hasMessage("installed, but still not found: runc.");
  }

  @Test
  void withoutRootContainersCannotBeRun() throws Exception {
    provideAllBut();

    assertThat(install(false).obstacle(true)).contains("running containers needs root.");
  }

  @Test
  void nothingIsInstalledAgainstTheUsersWish() throws Exception {
    provideAllBut("runc");
    provideAptGet(copyOf("runc"));

    assertThatThrownBy(() -> install(true).findOrInstall(false))
        .isInstanceOf(ContainerdException.class)
        .hasMessage(
            "running containers needs runc, not found here, and installing was not allowed.");
    assertThat(directory.resolve("calls")).doesNotExist();
  }

  @Test
  void withoutAptGetTheMissingIsNamed() throws Exception {
    provideAllBut("ip");
    Files.delete(plugins.resolve("ptp"));

    assertThat(install(true).obstacle(true))
        .contains(
            "running containers needs ip, cni, not found here,"
                + " and there is no apt-get to install them with.");
  }
}
