package dev.shiplog.agent.containerd;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the host's kernel has AppArmor: what low-level runtimes look at, too. */
final class HostAppArmor {

  private static final Path PROFILES = Path.of("/sys/kernel/security/apparmor");
  private static final Path ENABLED = Path.of("/sys/module/apparmor/parameters/enabled");

  private HostAppArmor() {}

  static boolean isEnabled() {
    if (!Files.isDirectory(PROFILES)) {
      return false;
    }
    try (BufferedReader reader = Files.newBufferedReader(ENABLED)) {
      return "Y".equals(reader.readLine());
    } catch (IOException e) {
      return false;
    }
  }
}
