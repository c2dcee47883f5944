package dev.shiplog.agent.containerd.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageArchiveTest {

  private static final String DOCKER_INDEX = "[{\"RepoTags\": [\"app:1\", \"quay.io/app:2\"]}]";

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = directory.resolve("archive");
  }

  private void write(OutputStream to, String name, String text) throws IOException {
    try (var tar = new TarArchiveOutputStream(to)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      var entry = new TarArchiveEntry(name);
      entry.setSize(bytes.length);
      tar.putArchiveEntry(entry);
      tar.write(bytes);
      tar.closeArchiveEntry();
    }
  }

  @Test
  void whatWeWriteHasItsName() throws Exception {
    DockerArchive.write(ImageContents.named("app", Architecture.AMD64).text("a", "").build(), file);

    assertThat(ImageArchive.names(file)).containsExactly("docker.io/library/app:latest");
  }

  @Test
  void anArchiveOfDockerMayHoldSeveralNames() throws Exception {
    write(Files.newOutputStream(file), "manifest.json", DOCKER_INDEX);

    assertThat(ImageArchive.names(file))
        .containsExactly("docker.io/library/app:1", "quay.io/app:2");
  }

  @Test
  void anArchiveMayBeCompressed() throws Exception {
    write(new GZIPOutputStream(Files.newOutputStream(file)), "manifest.json", DOCKER_INDEX);

    assertThat(ImageArchive.names(file)).hasSize(2);
  }

  @Test
  void anOciArchiveHasItsNamesInAnnotations() throws Exception {
    write(
        Files.newOutputStream(file),
        "index.json",
        """
        {"manifests": [
          {"annotations": {"io.containerd.image.name": "quay.io/app:3"}},
          {"digest": "sha256:1"}]}
        """);

    assertThat(ImageArchive.names(file)).containsExactly("quay.io/app:3");
  }

  @Test
  void aNameThatIsNoneIsTold() throws Exception {
    write(Files.newOutputStream(file), "manifest.json", "[{\"RepoTags\": [\"No Name\"]}]");

    assertThatThrownBy(() -> ImageArchive.names(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("\"No Name\" is not a valid image reference");
  }

  @Test
  void aTarOfSomethingElseIsNoImageArchive() throws Exception {
    write(Files.newOutputStream(file), "readme", "hello");

    assertThatThrownBy(() -> ImageArchive.names(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " is no image archive: it has neither manifest.json nor index.json");
  }

  @Test
  void anyOtherFileIsNoImageArchive() throws Exception {
    Files.writeString(file, "hello".repeat(1000));

    assertThatThrownBy(() -> ImageArchive.names(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " is no image archive: ");
  }

  @Test
  void aFileThatIsMissingIsNamed() {
    assertThatThrownBy(() -> ImageArchive.names(file))
        .isInstanceOf(IOException.class)
        .hasMessage("there is no file " + file);
  }
}
