package dev.shiplog.api.runtime;

import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.TopicLog;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Opens the log that the server runs on: Kafka, unless another bean provides one. */
@ApplicationScoped
public class LogProducer {

  @Produces
  @DefaultBean
  @ApplicationScoped
  TopicLog log(KafkaConfig kafka) {
    return new KafkaTopicLog(settings(kafka));
  }

  /** How Kafka is reached. */
  public static KafkaSettings settings(KafkaConfig kafka) {
    String servers =
        kafka
            .bootstrapServers()
            .orElseThrow(() ->
                new IllegalStateException(
                    "shiplog.kafka.bootstrap-servers is not set: say where Kafka is"));
    return KafkaSettings.at(servers).as("shiplog-api").with(properties(kafka));
  }

  /** Client properties from both places. */
  public static Map<String, String> properties(KafkaConfig kafka) {
    Map<String, String> all = new HashMap<>();
    kafka.propertiesFile().ifPresent(file -> all.putAll(read(file)));
    all.putAll(kafka.properties());
    return all;
  }

  private static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "cannot read shiplog.kafka.properties-file " + file + ": " + e.getMessage(), e);
    }
    Map<String, String> read = new HashMap<>();
    properties.stringPropertyNames().forEach(name -> read.put(name, properties.getProperty(name)));
    return read;
  }

  void close(@Disposes TopicLog log) {
    log.close();
  }
}
