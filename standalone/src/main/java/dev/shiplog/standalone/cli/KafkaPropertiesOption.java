package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.KafkaProperties;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** How Kafka's clients authenticate and encrypt. */
final class KafkaPropertiesOption {

  @Option(
      names = "--kafka-properties",
      paramLabel = "FILE",
      description = {
        "Client properties for --kafka, for TLS and SASL above all, as Kafka's own tools read",
        "them. What carries Shiplog's guarantees is refused."
      })
  private Path file;

  Map<String, String> read() {
    return file == null ? Map.of() : KafkaProperties.read(file);
  }
}
