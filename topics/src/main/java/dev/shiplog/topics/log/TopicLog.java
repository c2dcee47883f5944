package dev.shiplog.topics.log;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import java.util.Collection;

/**
 * The log that Shiplog runs on: Kafka in production, memory in simulations and fast tests. One
 * specification suite holds for both. Safe for use by many threads; what it opens is not, unless it
 * says so. Every call is bounded in time and throws {@link LogUnavailableException} past it.
 */
public interface TopicLog extends LogSource {

  /**
   * Makes the topics that are missing. Those that exist are left as they are.
   *
   * @throws LogConfigurationException if an existing topic has another number of partitions or
   *     another clean-up policy: it is somebody else's, or of another version
   */
  void ensureTopics(Collection<TopicSpec> topics);

  /** Deletes the topic with all it holds; nothing happens where there is none. */
  void deleteTopic(String topic);

  /** Drops what lies before the offset; the partition then starts there. */
  void truncateBefore(Partition partition, long offset);

  /** Opens a writer whose appends are pipelined and idempotent. */
  LogWriter openWriter();

  /**
   * Opens a writer of atomic batches. Any earlier one with the same id is fenced: what it has open
   * is aborted and it can commit no more.
   */
  TransactionalWriter openTransactionalWriter(String transactionalId);
}
