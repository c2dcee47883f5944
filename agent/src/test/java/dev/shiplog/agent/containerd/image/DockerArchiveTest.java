package dev.shiplog.agent.containerd.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DockerArchiveTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private Path tar;

  @BeforeEach
  void chooseFile() {
    tar = directory.resolve("image.tar");
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Entry(TarArchiveEntry head, byte[] bytes) {

    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static Map<String, Entry> entries(InputStream tar) throws IOException {
    var entries = new LinkedHashMap<String, Entry>();
    try (var in = new TarArchiveInputStream(tar)) {
      for (TarArchiveEntry head = in.getNextEntry(); head != null; head = in.getNextEntry()) {
        entries.put(head.getName(), new Entry(head, in.readAllBytes()));
      }
    }
    return entries;
  }

  private Map<String, Entry> written(ImageContents contents) throws IOException {
    DockerArchive.write(contents, tar);
    return entries(Files.newInputStream(tar));
  }

  private static JsonNode manifest(Map<String, Entry> archive) throws IOException {
    return JSON.readTree(archive.get("manifest.json").bytes()).get(0);
  }

  private static JsonNode configuration(Map<String, Entry> archive) throws IOException {
    return JSON.readTree(archive.get(manifest(archive).get("Config").asText()).bytes());
  }

  private static byte[] layerBytes(Map<String, Entry> archive) throws IOException {
    return archive.get(manifest(archive).get("Layers").get(0).asText()).bytes();
  }

  private static Map<String, Entry> layer(Map<String, Entry> archive) throws IOException {
    return entries(new ByteArrayInputStream(layerBytes(archive)));
  }

  private static ImageContents.Builder image() {
    return ImageContents.named("app:1", Architecture.AMD64);
  }

  @Test
  void theManifestNamesTheImageInFull() throws Exception {
    Map<String, Entry> archive = written(image().text("a", "x").build());

    assertThat(manifest(archive).get("RepoTags").get(0).asText())
        .isEqualTo("docker.io/library/app:1");
  }

  @Test
  void theConfigurationNamesTheLayerByItsDigest() throws Exception {
    Map<String, Entry> archive = written(image().text("a", "x").build());

    String digest =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(layerBytes(archive)));
    assertThat(configuration(archive).at("/rootfs/diff_ids/0").asText())
        .isEqualTo("sha256:" + digest);
  }

  @Test
  void theConfigurationSaysWhatRunsAndWhere() throws Exception {
    JsonNode configuration =
        configuration(
            written(image().text("a", "x").entrypoint("/run").command("fast", "now").build()));

    assertThat(configuration.get("architecture").asText()).isEqualTo("amd64");
    assertThat(configuration.get("os").asText()).isEqualTo("linux");
    assertThat(configuration.at("/config/Entrypoint/0").asText()).isEqualTo("/run");
    assertThat(configuration.at("/config/Cmd").size()).isEqualTo(2);
    assertThat(configuration.at("/config/Env/0").asText()).startsWith("PATH=");
  }

  @Test
  void parentsComeBeforeWhatTheyHold() throws Exception {
    assertThat(layer(written(image().text("/a/b/c", "x").build())).keySet())
        .containsExactly("a/", "a/b/", "a/b/c");
  }

  @Test
  void modesAndLinksAreKept() throws Exception {
    Path source = Files.writeString(directory.resolve("source"), "#!");

    Map<String, Entry> layer =
        layer(
            written(
                image()
                    .file("bin/run", source, 0755)
                    .directory("tmp", 01777)
                    .symlink("bin/go", "run")
                    .build()));

    assertThat(layer.get("bin/run").head().getMode() & 07777).isEqualTo(0755);
    assertThat(layer.get("bin/run").text()).isEqualTo("#!");
    assertThat(layer.get("tmp/").head().getMode() & 07777).isEqualTo(01777);
    assertThat(layer.get("bin/go").head().isSymbolicLink()).isTrue();
    assertThat(layer.get("bin/go").head().getLinkName()).isEqualTo("run");
  }

  @Test
  void aLongPathIsKept() throws Exception {
    String path = "d".repeat(90) + "/" + "e".repeat(90) + "/" + "f".repeat(90);

    assertThat(layer(written(image().text(path, "x").build()))).containsKey(path);
  }

  @Test
  void theSameContentsGiveTheSameBytes() throws Exception {
    DockerArchive.write(image().text("b", "1").text("a", "2").build(), tar);
    byte[] first = Files.readAllBytes(tar);

    DockerArchive.write(image().text("a", "2").text("b", "1").build(), tar);

    assertThat(Files.readAllBytes(tar)).isEqualTo(first);
  }

  @Test
  void nothingIsLeftBesideTheArchive() throws Exception {
    DockerArchive.write(image().text("a", "x").build(), tar);

    assertThat(directory).isDirectoryContaining(file -> file.equals(tar));
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Test
  void aPathStaysInTheImage() throws Exception {
    assertThat(layer(written(image().text("../../etc/x", "x").build()))).containsKey("etc/x");
    assertThatThrownBy(() -> image().text("/", "x")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anImageNeedsAName() {
    assertThatThrownBy(() -> ImageContents.named("No Name", Architecture.AMD64))
        .isInstanceOf(RuntimeRefusedException.class);
  }

  @Test
  void thePauseImageRunsThePauseProgram() throws Exception {
    PauseImage.write(Architecture.ARM64, tar);

    Map<String, Entry> archive = entries(Files.newInputStream(tar));
    assertThat(manifest(archive).get("RepoTags").get(0).asText()).isEqualTo("shiplog.dev/pause:1");
    assertThat(configuration(archive).get("architecture").asText()).isEqualTo("arm64");
    assertThat(layer(archive).get("pause").bytes()).isEqualTo(PauseProgram.of(Architecture.ARM64));
  }
}
