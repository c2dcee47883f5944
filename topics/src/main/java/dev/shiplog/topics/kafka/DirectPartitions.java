package dev.shiplog.topics.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Records;

/**
 * Partitions of a broker that runs in this process, reached without its sockets. What is appended
 * and read is the same as by a client, and stored as safely; only the way is shorter. Any thread.
 */
public interface DirectPartitions {

  /** The offset before which everything acknowledged lies; empty if there is no such partition. */
  OptionalLong end(TopicPartition partition);

  /**
   * Appends a batch and waits until it is stored as its topic demands, an fsync included.
   *
   * @return the offset of its first record
   * @throws org.apache.kafka.common.KafkaException what a producer would be told
   */
  long append(TopicPartition partition, MemoryRecords batch);

  /**
   * Reads each partition from an offset on, as soon as one of them has something, or once the time
   * is over. Batches may begin before the offset.
   *
   * @return completed on any thread: do not block there; fails with a {@link
   *     org.apache.kafka.common.KafkaException}
   */
  CompletableFuture<Map<TopicPartition, Records>> read(
      Map<TopicPartition, Long> positions, Duration atMost);
}
