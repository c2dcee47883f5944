package dev.shiplog.topics.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;

/**
 * Transactions of a broker that runs in this process, reached without its sockets; they fence and
 * are fenced as those of any producer. Any thread, but one at a time for each transactional id.
 * Every method throws the {@link org.apache.kafka.common.KafkaException} a producer would be told.
 */
public interface DirectTransactions {

  /**
   * Takes a transactional id: fences whoever has it, and ends what that had open.
   *
   * @param timeout after which the broker aborts a transaction that nobody ends
   */
  ProducerIdAndEpoch open(String id, Duration timeout);

  /**
   * Appends a batch to each partition, as part of the id's transaction.
   *
   * @param joining those of the partitions to which nothing was appended in it yet
   * @return the offset of the first record of each batch
   */
  Map<TopicPartition, Long> append(
      String id,
      ProducerIdAndEpoch producer,
      Map<TopicPartition, MemoryRecords> batches,
      Set<TopicPartition> joining);

  /**
   * Commits or aborts and waits until readers can tell.
   *
   * @return what the next transaction is written with; its sequence numbers begin at 0
   */
  ProducerIdAndEpoch end(String id, ProducerIdAndEpoch producer, boolean commit);
}
