package dev.shiplog.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.files.AtomicWriter.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicWriterTest {

  @TempDir Path volume;

  @Test
  void aVolumeHoldsTheFilesGiven() throws IOException {
    write(Map.of("page.html", content("hello"), "conf/app.ini", content("x=1")));

    assertThat(volume.resolve("page.html")).hasContent("hello");
    assertThat(volume.resolve("conf/app.ini")).hasContent("x=1");
  }

  @Test
  void filesHaveTheModeGiven() throws IOException {
    write(Map.of("key", new Content("k".getBytes(StandardCharsets.UTF_8), 0400)));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(volume.resolve("key"))))
        .isEqualTo("r--------");
  }

  @Test
  void anUpdateReplacesAddsAndRemoves() throws IOException {
    write(Map.of("kept", content("old"), "gone", content("x")));

    write(Map.of("kept", content("new"), "added", content("y")));

    assertThat(visible()).containsExactlyInAnyOrder("kept", "added");
    assertThat(volume.resolve("kept")).hasContent("new");
    assertThat(volume.resolve("added")).hasContent("y");
  }

  @Test
  void anUpdateLeavesNothingOfTheOldVersionBehind() throws IOException {
    write(Map.of("a", content("1")));
    write(Map.of("a", content("2")));

    try (Stream<Path> all = Files.list(volume)) {
      assertThat(all.filter(path -> path.getFileName().toString().startsWith("..v"))).hasSize(1);
    }
  }

  @Test
  void anUpdateThatFailsLeavesEverythingAsItWas() throws IOException {
    write(Map.of("a", content("1")));
    AtomicWriter.Finish onFullDisk =
        directory -> {
          throw new IOException("No space left on device");
        };

    assertThatThrownBy(() -> new AtomicWriter(volume).write(Map.of("a", content("2")), onFullDisk))
        .isInstanceOf(IOException.class);

    assertThat(volume.resolve("a")).hasContent("1");
    try (Stream<Path> all = Files.list(volume)) {
      assertThat(all.filter(path -> path.getFileName().toString().startsWith("..v"))).hasSize(1);
    }
  }

  @Test
  void whatDidNotChangeIsNotWrittenAgain() throws IOException {
    write(Map.of("a", content("1")));
    Path before = Files.readSymbolicLink(volume.resolve("..data"));

    write(Map.of("a", content("1")));

    assertThat(Files.readSymbolicLink(volume.resolve("..data"))).isEqualTo(before);
  }

  @Test
  void allFilesTurnAtOnce() throws IOException {
    write(Map.of("a", content("1"), "b", content("1")));

    new AtomicWriter(volume)
        .write(
            Map.of("a", content("2"), "b", content("2")),
            directory -> {
              assertThat(volume.resolve("a")).hasContent("1");
              assertThat(volume.resolve("b")).hasContent("1");
            });

    assertThat(volume.resolve("a")).hasContent("2");
    assertThat(volume.resolve("b")).hasContent("2");
  }

  private void write(Map<String, Content> files) throws IOException {
    new AtomicWriter(volume).write(files, directory -> {});
  }

  private Set<String> visible() throws IOException {
    try (Stream<Path> all = Files.list(volume)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith(".."))
          .collect(Collectors.toSet());
    }
  }

  private static Content content(String text) {
    return new Content(text.getBytes(StandardCharsets.UTF_8), 0644);
  }
}
