package dev.shiplog.standalone;

import dev.shiplog.api.runtime.KafkaConfig;
import dev.shiplog.api.runtime.LogProducer;
import dev.shiplog.broker.BrokerPartitions;
import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.topics.kafka.DirectPartitions;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.TopicLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Records;

/** Opens the API server's log: with a short way to the broker where that is in this process. */
@ApplicationScoped
public class LogOfBroker {

  @Produces
  @ApplicationScoped
  TopicLog log(KafkaConfig kafka) {
    KafkaSettings settings = LogProducer.settings(kafka);
    return StandaloneApplication.broker()
        .map(EmbeddedBroker::partitions)
        .map(partitions -> new KafkaTopicLog(settings, new Direct(partitions)))
        .orElseGet(() -> new KafkaTopicLog(settings));
  }

  void close(@Disposes TopicLog log) {
    log.close();
  }

  /** Neither the broker nor the log knows the other. */
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
