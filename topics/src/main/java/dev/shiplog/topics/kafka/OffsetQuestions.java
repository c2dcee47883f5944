package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.LogConfigurationException;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.OffsetRange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Asks where partitions start and end. A consumer keeps its connection and its metadata, so a
 * question is one request; the admin client looks the leader up each time. A consumer is for one
 * thread at a time, so questions queue for {@link #lock}, for as long as a call may take.
 */
final class OffsetQuestions {

  private final ReentrantLock lock = new ReentrantLock();
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Duration callTimeout;

  OffsetQuestions(Map<String, Object> properties, Duration callTimeout) {
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.callTimeout = callTimeout;
  }

  OffsetRange range(Partition partition) {
    return ask(
        partition,
        asked -> new OffsetRange(startOf(asked), consumer.endOffsets(asked).get(of(asked))));
  }

  long end(Partition partition) {
    return ask(partition, asked -> consumer.endOffsets(asked).get(of(asked)));
  }

  void close(Duration atMost) {
    lock.lock();
    try {
      consumer.close(CloseOptions.timeout(atMost));
    } finally {
      lock.unlock();
    }
  }

  private long startOf(List<TopicPartition> asked) {
    return consumer.beginningOffsets(asked).get(of(asked));
  }

  private static TopicPartition of(List<TopicPartition> asked) {
    return asked.getFirst();
  }

  private <T> T ask(Partition partition, Function<List<TopicPartition>, T> question) {
    lockInTime();
    try {
      checkExists(partition);
      return question.apply(List.of(KafkaRecords.kafka(partition)));
    } catch (KafkaException e) {
      throw KafkaFailures.of("asking for the offsets of " + partition, e);
    } finally {
      lock.unlock();
    }
  }

  /** Otherwise a consumer waits for the partition to come into being. */
  private void checkExists(Partition partition) {
    List<PartitionInfo> known = consumer.partitionsFor(partition.topic());
    if (known == null || known.stream().noneMatch(p -> p.partition() == partition.number())) {
      throw new LogConfigurationException("there is no partition " + partition);
    }
  }

  private void lockInTime() {
    try {
      if (!lock.tryLock(callTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new LogUnavailableException("questions for offsets before this one got no answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("interrupted", e);
    }
  }
}
