package dev.shiplog.agent.containerd.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.agent.host.ProgramPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BusyboxImageTest {

  @TempDir Path directory;

  @Test
  void everyAppletIsALinkToTheProgram() throws Exception {
    Optional<Path> busybox = ProgramPath.ofThisHost().find("busybox");
    assumeTrue(busybox.isPresent(), "skipped: needs Debian's package busybox-static");

    ImageContents image = BusyboxImage.of(BusyboxImage.REFERENCE, busybox.get());

    assertThat(image.nodes())
        .containsEntry("bin/sh", new ImageContents.Symlink("busybox"))
        .containsEntry("bin/httpd", new ImageContents.Symlink("busybox"))
        .containsEntry("bin/busybox", new ImageContents.File(busybox.get(), 0755));
    assertThat(image.command()).containsExactly("sh");
  }

  @Test
  void aProgramThatNeedsLibrariesIsRefused() {
    Path java = Path.of(ProcessHandle.current().info().command().orElseThrow());

    assertThatThrownBy(() -> BusyboxImage.of(BusyboxImage.REFERENCE, java))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("busybox-static");
  }

  @Test
  void aProgramThatIsNotBusyboxIsRefused() throws Exception {
    Path other = directory.resolve("other");
    Files.writeString(other, "#!/bin/sh\necho nothing of the kind >&2\nexit 1\n");

    assertThatThrownBy(() -> BusyboxImage.of(BusyboxImage.REFERENCE, other))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("other");
  }
}
