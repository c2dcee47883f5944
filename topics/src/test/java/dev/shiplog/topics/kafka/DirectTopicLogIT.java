package dev.shiplog.topics.kafka;

import dev.shiplog.broker.BrokerPartitions;
import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TopicLogSpecification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Records;
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
    return new KafkaTopicLog(
        KafkaSettings.at(broker.bootstrapServers()), new Direct(broker.partitions()));
  }

  private record Direct(BrokerPartitions partitions) implements DirectPartitions {
    @Override
    public OptionalLong end(TopicPartition partition) {
      return partitions.end(partition);
    }

    @Override
    public long append(TopicPartition partition, MemoryRecords batch) {
      return partitions.append(partition, batch);
    }

    @Override
    public CompletableFuture<Map<TopicPartition, Records>> read(
        Map<TopicPartition, Long> positions, Duration atMost) {
      return partitions.read(positions, atMost);
    }
  }
}
