package dev.shiplog.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an image says, and that it is the same again. */
class ImageTest {

  @TempDir private Path directory;
  private Path program;
  private Path data;

  @BeforeEach
  void files() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree").resolve("bin"));
    program = Files.writeString(tree.resolve("program"), "#!");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    data = Files.writeString(directory.resolve("data"), "1");
  }

  @Test
  void theSameFilesGiveTheSameImage() throws Exception {
    String first = write("first");
    Files.setLastModifiedTime(data, FileTime.from(Instant.EPOCH));
    String second = write("second");

    assertThat(second).isEqualTo(first);
    assertThat(directory.resolve("first.tar"))
        .hasSameBinaryContentAs(directory.resolve("second.tar"));
  }

  @Test
  void itRunsAsNobodyInParticularAndTakesACommand() throws Exception {
    write("image");

    JsonNode config = config(directory.resolve("image.tar"));
    assertThat(config.at("/config/User").asText()).isEqualTo("10001:10001");
    assertThat(config.at("/config/Entrypoint/0").asText()).isEqualTo("/opt/java/bin/java");
    assertThat(config.at("/config/Cmd").isMissingNode()).isTrue();
    assertThat(config.at("/created").asText()).startsWith("1970-01-01");
  }

  @Test
  void filesKeepTheRightToBeRunAndHaveNoOwner() throws Exception {
    write("image");

    List<TarArchiveEntry> entries = entries(directory.resolve("image.tar"));
    assertThat(entries)
        .anySatisfy(entry -> {
          assertThat(entry.getName()).endsWith("opt/tree/bin/program");
          assertThat(entry.getMode() & 0777).isEqualTo(0755);
        })
        .anySatisfy(entry -> {
          assertThat(entry.getName()).endsWith("opt/data");
          assertThat(entry.getMode() & 0777).isEqualTo(0644);
        })
        .allSatisfy(entry -> assertThat(entry.getLongUserId()).isZero());
  }

  private String write(String name) throws Exception {
    Image image =
        new Image(
            "shiplog:test",
            List.of(
                new Image.Layer("tree", Map.of("/opt/tree", directory.resolve("tree"))),
                new Image.Layer("data", Map.of("/opt/data", data))));
    return image.write(directory.resolve(name + ".tar"), directory.resolve(name + "-scratch"));
  }

  private static JsonNode config(Path archive) throws IOException {
    try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(archive))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.getName().equals("config.json")) {
          return new ObjectMapper().readTree(in.readAllBytes());
        }
      }
    }
    throw new AssertionError("no config.json in " + archive);
  }

  /** Of all layers. */
  private static List<TarArchiveEntry> entries(Path archive) throws IOException {
    List<TarArchiveEntry> all = new ArrayList<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(archive))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.getName().endsWith(".tar.gz")) {
          TarArchiveInputStream layer = new TarArchiveInputStream(new GZIPInputStream(in));
          for (TarArchiveEntry one = layer.getNextEntry();
              one != null;
              one = layer.getNextEntry()) {
            if (one.isFile()) {
              all.add(one);
            }
          }
        }
      }
    }
    return all;
  }
}
