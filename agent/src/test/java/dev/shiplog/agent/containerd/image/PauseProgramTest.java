package dev.shiplog.agent.containerd.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class PauseProgramTest {

  @TempDir Path directory;

  private Path write(Architecture architecture) throws Exception {
    Path file = directory.resolve("pause");
    Files.write(file, PauseProgram.of(architecture));
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  @ParameterizedTest
  @EnumSource
  void itNeedsNoLibrary(Architecture architecture) throws Exception {
    assertThat(ElfFile.needsInterpreter(write(architecture))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"AMD64, 62", "ARM64, 183"})
  void itIsForItsProcessor(Architecture architecture, int machine) {
    ByteBuffer file = ByteBuffer.wrap(PauseProgram.of(architecture)).order(ByteOrder.LITTLE_ENDIAN);

    assertThat(file.getShort(18)).isEqualTo((short) machine);
  }

  /** The last 32 bytes are the struct that both programs find relative to their own code. */
  @ParameterizedTest
  @CsvSource({"AMD64, 36", "ARM64, 60"})
  void itsDataLiesWhereItsCodeLooks(Architecture architecture, int codeBytes) {
    byte[] file = PauseProgram.of(architecture);

    assertThat(file).hasSize(64 + 56 + codeBytes + 32);
    assertThat(file[64 + 56 + codeBytes]).isEqualTo((byte) 1);
  }

  @Test
  void itSleepsUntilItIsEnded() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "skipped: runs on Linux only");
    Process pause = new ProcessBuilder(write(Architecture.ofThisHost()).toString()).start();
    Path status = Path.of("/proc", Long.toString(pause.pid()), "status");

    try {
      await().until(() -> Files.readString(status).contains("State:\tS (sleeping)"));
      assertThat(Files.readAllLines(status)).anySatisfy(PauseProgramTest::isIgnoringSigchld);
    } finally {
      pause.destroyForcibly();
    }
  }

  private static void isIgnoringSigchld(String line) {
    assertThat(line).startsWith("SigIgn:");
    long ignored = Long.parseLong(line.substring("SigIgn:".length()).strip(), 16);
    assertThat(ignored & 1L << (17 - 1)).isNotZero();
  }
}
