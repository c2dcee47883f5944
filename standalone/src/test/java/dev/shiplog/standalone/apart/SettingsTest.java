package dev.shiplog.standalone.apart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.runtime.KafkaConfig;
import dev.shiplog.api.runtime.LogProducer;
import dev.shiplog.standalone.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the settings of a part that runs alone come from. */
class SettingsTest {

  /** As MicroProfile Config says. */
  private static final int ENVIRONMENT = 300;

  private static final String SERVERS = "shiplog.kafka.bootstrap-servers";

  @TempDir private Path directory;

  @AfterEach
  void forget() throws IOException {
    System.clearProperty(SERVERS);
    give("");
  }

  @Test
  void theGivenFileIsRead() throws IOException {
    give(SERVERS + "=file:9092\nshiplog.controllers.topics-timeout=7s\n");

    Settings settings = Settings.read();

    assertThat(settings.get(KafkaConfig.class).bootstrapServers()).contains("file:9092");
    assertThat(settings.get(ControllersConfig.class).topicsTimeout())
        .isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void aSystemPropertyOutranksTheFileAndSoDoesTheEnvironment() throws IOException {
    give(SERVERS + "=file:9092\n");
    System.setProperty(SERVERS, "property:9092");

    assertThat(Settings.read().get(KafkaConfig.class).bootstrapServers()).contains("property:9092");
    assertThat(new GivenFile().getOrdinal()).isLessThan(ENVIRONMENT);
  }

  @Test
  void aNameThatIsNoSettingIsRefused() throws IOException {
    give("shiplog.scheduler.standby-replica=2\n");

    assertThatThrownBy(Settings::read)
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("shiplog.scheduler.standby-replica");
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> GivenFile.read(directory.resolve("missing")))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("missing does not exist");
  }

  @Test
  void kafkaPropertiesComeFromTheirFileUnlessTheyAreSet() throws IOException {
    Path file = directory.resolve("client.properties");
    Files.writeString(file, "security.protocol=SSL\nssl.key.password=a${b}\n");
    give(
        "shiplog.kafka.properties-file="
            + file
            + "\nshiplog.kafka.properties.\"security.protocol\"=SASL_SSL\n");

    assertThat(LogProducer.properties(Settings.read().get(KafkaConfig.class)))
        .isEqualTo(Map.of("security.protocol", "SASL_SSL", "ssl.key.password", "a${b}"));
  }

  private void give(String content) throws IOException {
    GivenFile.read(Files.writeString(directory.resolve("shiplog.properties"), content));
  }
}
