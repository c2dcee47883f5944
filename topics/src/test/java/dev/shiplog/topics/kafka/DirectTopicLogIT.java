package dev.shiplog.topics.kafka;

import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TopicLogSpecification;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The short way to a broker in this process keeps every promise of the long one. */
class DirectTopicLogIT extends TopicLogSpecification {

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
    return new KafkaTopicLog(KafkaSettings.at(broker.bootstrapServers()), ShortWay.to(broker));
  }
}
