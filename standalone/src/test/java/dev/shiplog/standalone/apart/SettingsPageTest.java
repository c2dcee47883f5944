package dev.shiplog.standalone.apart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of settings is what the code says. */
class SettingsPageTest {

  private static final Path PAGE = Path.of("../docs/settings.md");
  private static final Path API = Path.of("../api/src/main/java/dev/shiplog/api/runtime");
  private static final Path APART = Path.of("src/main/java/dev/shiplog/standalone/apart");

  private static final List<Path> SOURCES =
      List.of(
          API.resolve("KafkaConfig.java"),
          API.resolve("TopicsConfig.java"),
          APART.resolve("ManagementConfig.java"),
          APART.resolve("LogConfig.java"),
          APART.resolve("TracingConfig.java"),
          API.resolve("ApiConfig.java"),
          API.resolve("AdmissionConfig.java"),
          APART.resolve("ControllersConfig.java"),
          APART.resolve("SchedulerConfig.java"),
          APART.resolve("AgentConfig.java"));

  @Test
  void thePageSaysWhatTheCodeSays() throws IOException {
    String page = SettingsPage.of(SOURCES);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page);
    }

    assertThat(Files.readString(PAGE))
        .as("docs/settings.md; write it anew with -Ddocs.write=true")
        .isEqualTo(page);
  }

  @Test
  void noSettingsAreReadThatThePageDoesNotHave() throws IOException {
    try (Stream<Path> api = Files.walk(Path.of("../api/src/main"));
        Stream<Path> own = Files.walk(Path.of("src/main"))) {
      List<String> mappings =
          Stream.concat(api, own)
              .filter(file -> file.toString().endsWith(".java"))
              .filter(SettingsPageTest::isMapping)
              .map(file -> file.getFileName().toString())
              .toList();

      assertThat(mappings)
          .containsExactlyInAnyOrderElementsOf(
              SOURCES.stream().map(file -> file.getFileName().toString()).toList());
    }
  }

  private static boolean isMapping(Path file) {
    try {
      return Files.readString(file).contains("\n@ConfigMapping(");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
