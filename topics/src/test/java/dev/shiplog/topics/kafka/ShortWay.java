package dev.shiplog.topics.kafka;

import dev.shiplog.broker.BrokerPartitions;
import dev.shiplog.broker.BrokerTransactions;
import dev.shiplog.broker.EmbeddedBroker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;

/** Makes a broker in this process and the log known to each other; neither imports the other. */
final class ShortWay {

  private ShortWay() {}

  static DirectBroker to(EmbeddedBroker broker) {
    return new DirectBroker(
        new Partitions(broker.partitions()), new Transactions(broker.transactions()));
  }

  private record Partitions(BrokerPartitions broker) implements DirectPartitions {
    @Override
    public OptionalLong start(TopicPartition partition) {
      return broker.start(partition);
    }

    @Override
    public OptionalLong end(TopicPartition partition, IsolationLevel isolation) {
      return broker.end(partition, isolation);
    }

    @Override
    public long append(TopicPartition partition, MemoryRecords batch) {
      return broker.append(partition, batch);
    }

    @Override
    public CompletableFuture<Map<TopicPartition, Fetched>> read(
        Map<TopicPartition, Long> positions, IsolationLevel isolation, Duration atMost) {
      return broker.read(positions, isolation, atMost).thenApply(Partitions::fetched);
    }

    private static Map<TopicPartition, Fetched> fetched(
        Map<TopicPartition, BrokerPartitions.Fetched> found) {
      Map<TopicPartition, Fetched> fetched = new HashMap<>();
      found.forEach(
          (partition, part) -> fetched.put(partition, new Fetched(part.records(), part.aborted())));
      return fetched;
    }
  }

  private record Transactions(BrokerTransactions broker) implements DirectTransactions {
    @Override
    public ProducerIdAndEpoch open(String id, Duration timeout) {
      return broker.open(id, timeout);
    }

    @Override
    public Map<TopicPartition, Long> append(
        String id,
        ProducerIdAndEpoch producer,
        Map<TopicPartition, MemoryRecords> batches,
        Set<TopicPartition> joining) {
      return broker.append(id, producer, batches, joining);
    }

    @Override
    public ProducerIdAndEpoch end(String id, ProducerIdAndEpoch producer, boolean commit) {
      return broker.end(id, producer, commit);
    }
  }
}
