package dev.shiplog.api.runtime;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** How Kafka is reached. */
@ConfigMapping(prefix = "shiplog.kafka")
public interface KafkaConfig {

  /** {@code host:port}, several separated by commas. */
  Optional<String> bootstrapServers();

  /** Further client properties by their Kafka names, for TLS and SASL above all. */
  Map<String, String> properties();

  /**
   * File with further client properties, as Kafka's own tools read them; {@link #properties}
   * outrank it. The place for passwords.
   */
  Optional<Path> propertiesFile();

  /** On how many brokers each partition lies. */
  @WithDefault("1")
  int replicationFactor();
}
