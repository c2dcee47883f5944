package dev.shiplog.api.runtime;

import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.TopicLog;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;

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
    return KafkaSettings.at(servers).as("shiplog-api").with(kafka.properties());
  }

  void close(@Disposes TopicLog log) {
    log.close();
  }
}
