package dev.shiplog.topics.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Records;

/**
 * Partitions of a broker that runs in this process, reached without its sockets. What is appended
 * and read is the same as by a client, and stored as safely; only the way is shorter. Any thread.
 */
public interface DirectPartitions {

  /**
   * What was read of a partition.
   *
   * @param records batches that may begin before the offset asked for, markers included
   * @param aborted the transactions among them that committed readers are not to see
   */
  record Fetched(Records records, List<AbortedTransaction> aborted) {}

  /** The first offset that is kept; empty if there is no such partition. */
  OptionalLong start(TopicPartition partition);

  /** The offset before which all that readers may see lies; empty if there is no such partition. */
  OptionalLong end(TopicPartition partition, IsolationLevel isolation);

  /**
   * Appends a batch and waits until it is stored as its topic demands, an fsync included.
   *
   * @return the offset of its first record
   * @throws org.apache.kafka.common.KafkaException what a producer would be told
   */
  long append(TopicPartition partition, MemoryRecords batch);

  /**
   * Reads each partition from an offset on, as soon as one of them has something, or once the time
   * is over.
   *
   * @return completed on any thread: do not block there; fails with a {@link
   *     org.apache.kafka.common.KafkaException}
   */
  CompletableFuture<Map<TopicPartition, Fetched>> read(
      Map<TopicPartition, Long> positions, IsolationLevel isolation, Duration atMost);
}
