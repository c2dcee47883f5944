package dev.shiplog.standalone;

import dev.shiplog.api.runtime.KafkaConfig;
import dev.shiplog.api.runtime.LogProducer;
import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.TopicLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.util.Optional;

/** Opens the log: with a short way to the broker where that is in this process. */
@ApplicationScoped
public class LogOfBroker {

  @Produces
  @ApplicationScoped
  TopicLog log(KafkaConfig kafka) {
    return open(LogProducer.settings(kafka), StandaloneApplication.broker());
  }

  void close(@Disposes TopicLog log) {
    log.close();
  }

  static TopicLog open(KafkaSettings settings, Optional<EmbeddedBroker> embedded) {
    return embedded
        .map(broker -> new KafkaTopicLog(settings, ShortWay.to(broker)))
        .orElseGet(() -> new KafkaTopicLog(settings));
  }
}
