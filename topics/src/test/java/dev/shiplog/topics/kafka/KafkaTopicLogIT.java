package dev.shiplog.topics.kafka;

import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TopicLogSpecification;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class KafkaTopicLogIT extends TopicLogSpecification {

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(directory);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Override
  protected TopicLog connect() {
    return new KafkaTopicLog(KafkaSettings.at(broker.bootstrapServers()));
  }
}
