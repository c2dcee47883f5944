package dev.shiplog.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class MachineTest {

  /** The kernel gives such a file in one read; what reads by bytes gets the first one. */
  @Test
  void aSettingOfTheKernelIsReadAsAWhole() {
    String file = "/proc/sys/kernel/random/boot_id";
    assumeTrue(Files.isReadable(Path.of(file)), "skipped: needs Linux");

    assertThat(Machine.line(file)).hasSize(36);
  }

  @Test
  void whatIsMissingIsEmpty() {
    assertThat(Machine.line("/nowhere/at/all")).isEmpty();
  }
}
