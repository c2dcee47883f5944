package dev.shiplog.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {

  @TempDir private Path directory;

  @Test
  void aDirectoryThatIsTakenCannotBeTakenAgain() throws Exception {
    DataDirectory data = new DataDirectory(directory.resolve("new"));
    try (AutoCloseable _ = data.take()) {
      assertThatThrownBy(data::take)
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("is in use by the Shiplog with process id " + ownPid())
          .hasMessageContaining("shiplog down --data-dir " + data.path());
    }
  }

  @Test
  void theHolderIsKnownWhileItHoldsAndForgottenAfter() throws Exception {
    DataDirectory data = new DataDirectory(directory);
    try (AutoCloseable _ = data.take()) {
      assertThat(data.runningPid()).contains(ownPid());
    }
    assertThat(data.runningPid()).isEmpty();
  }

  @Test
  void aPidFileLeftBehindByACrashDoesNotCount() throws Exception {
    DataDirectory data = new DataDirectory(directory);
    Files.writeString(directory.resolve("shiplog.pid"), "1");
    assertThat(data.runningPid()).isEmpty();
    data.take().close();
  }

  @Test
  void aFileInItsPlaceIsRefusedWithASentence() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> new DataDirectory(file).take())
        .isInstanceOf(StartFailure.class)
        .hasMessageStartingWith("cannot use the data directory " + file);
  }

  private static long ownPid() {
    return ProcessHandle.current().pid();
  }
}
