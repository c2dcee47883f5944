package dev.shiplog.topics.testing;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TransactionalWriter;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A log in memory that keeps Kafka's promises, breaks as Kafka may break, and does so when a test
 * says. Appends are stored and answered on the thread that appends, so a test on one thread that
 * polls with no waiting time runs the same way each time. What power loss, compaction and faults
 * leave behind is what Kafka would leave behind.
 *
 * <p>An instance is one client's connection; {@link #connect} gives further ones to the same
 * topics, each with {@link #faults} of its own.
 */
public final class InMemoryTopicLog implements TopicLog {

  private static final long DEFAULT_MAX_BYTES = 512L << 20;

  private final InMemoryTopics topics;
  private final LogFaults faults;

  public InMemoryTopicLog() {
    this(DEFAULT_MAX_BYTES);
  }

  /**
   * Makes an empty log.
   *
   * @param maxBytes how much may be appended over its life, truncated or not; past it appends fail
   */
  public InMemoryTopicLog(long maxBytes) {
    this(new InMemoryTopics(maxBytes));
  }

  private InMemoryTopicLog(InMemoryTopics topics) {
    this.topics = topics;
    this.faults = new LogFaults(this::wakeReaders);
  }

  /** Another client of the same topics. */
  public InMemoryTopicLog connect() {
    return new InMemoryTopicLog(topics);
  }

  /** What this connection is to suffer. */
  public LogFaults faults() {
    return faults;
  }

  /** Everything so far would survive a power failure. */
  public void flushToDisk() {
    locked(() -> {
      topics.all().forEach(InMemoryPartition::flush);
      return null;
    });
  }

  /** Everything so far in this topic would survive a power failure. */
  public void flushToDisk(String topic) {
    locked(() -> {
      topics.partitions(topic).forEach(InMemoryPartition::flush);
      return null;
    });
  }

  /** Loses what was appended since the last flush; topics with flush.messages=1 lose nothing. */
  public void powerFail() {
    locked(() -> {
      topics.powerFail();
      return null;
    });
  }

  /** Compacts the topic as far as Kafka may; tombstones stay. */
  public void compact(String topic) {
    compact(topic, false);
  }

  /** Compacts the topic as far as Kafka may after delete.retention.ms: tombstones go too. */
  public void compactAndDropTombstones(String topic) {
    compact(topic, true);
  }

  @Override
  public void ensureTopics(Collection<TopicSpec> specs) {
    call(() -> {
      specs.forEach(topics::ensure);
      return null;
    });
  }

  @Override
  public Optional<String> topicId(String topic) {
    return call(() -> topics.id(topic));
  }

  @Override
  public void deleteTopic(String topic) {
    call(() -> {
      topics.delete(topic);
      return null;
    });
  }

  @Override
  public OffsetRange range(Partition partition, Isolation isolation) {
    return call(() -> topics.partition(partition).range(isolation));
  }

  @Override
  public void truncateBefore(Partition partition, long offset) {
    call(() -> {
      topics.partition(partition).truncateBefore(offset);
      return null;
    });
  }

  @Override
  public LogWriter openWriter() {
    return new InMemoryWriter(topics, faults);
  }

  @Override
  public TransactionalWriter openTransactionalWriter(String transactionalId) {
    faults.checkConnected();
    return new InMemoryTransactionalWriter(topics, faults, transactionalId);
  }

  @Override
  public LogReader openReader(Isolation isolation) {
    return new InMemoryReader(topics, faults, isolation);
  }

  /** Ends nothing for other connections. */
  @Override
  public void close() {}

  private void wakeReaders() {
    locked(() -> {
      topics.signal();
      return null;
    });
  }

  private void compact(String topic, boolean dropTombstones) {
    locked(() -> {
      List<InMemoryPartition> partitions = topics.partitions(topic);
      partitions.forEach(partition -> partition.compact(dropTombstones));
      return null;
    });
  }

  private <T> T call(Supplier<T> action) {
    faults.checkConnected();
    return locked(action);
  }

  private <T> T locked(Supplier<T> action) {
    topics.lock.lock();
    try {
      return action.get();
    } finally {
      topics.lock.unlock();
    }
  }
}
