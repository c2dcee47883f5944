package dev.shiplog.topics.testing;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.log.LogConfigurationException;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.RecordTooLargeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The topics that all connections to one in-memory log share, and the part of the broker that knows
 * who may write under a transactional id. Everything here is guarded by {@link #lock}.
 */
final class InMemoryTopics {

  /** Kafka's own default, where a topic does not say. */
  private static final int DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

  private static final int RECORD_OVERHEAD_BYTES = 70;

  final ReentrantLock lock = new ReentrantLock();

  /** Signalled whenever a reader may find something new. */
  final Condition changed = lock.newCondition();

  private final long maxBytes;
  private final Map<String, Topic> topics = new TreeMap<>();
  private final Map<String, Integer> producerEpochs = new HashMap<>();
  private final Map<String, Long> transactionsUnderWay = new HashMap<>();
  private long bytes;
  private long topicsMade;
  private long transactionsMade;

  InMemoryTopics(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  private record Topic(TopicSpec spec, String id, List<InMemoryPartition> partitions) {

    String cleanupPolicy() {
      return setting(spec, "cleanup.policy", "delete");
    }

    boolean compacted() {
      return cleanupPolicy().contains("compact");
    }

    int maxMessageBytes() {
      return Integer.parseInt(
          setting(spec, "max.message.bytes", String.valueOf(DEFAULT_MAX_MESSAGE_BYTES)));
    }
  }

  void ensure(TopicSpec spec) {
    Topic existing = topics.get(spec.name());
    if (existing == null) {
      topics.put(spec.name(), make(spec));
      return;
    }
    if (existing.partitions().size() != spec.partitions()) {
      throw new LogConfigurationException(
          "topic %s has %d partitions and not %d"
              .formatted(spec.name(), existing.partitions().size(), spec.partitions()));
    }
    String policy = setting(spec, "cleanup.policy", "delete");
    if (!existing.cleanupPolicy().equals(policy)) {
      throw new LogConfigurationException(
          "topic %s has cleanup.policy=%s and not %s"
              .formatted(spec.name(), existing.cleanupPolicy(), policy));
    }
  }

  Optional<String> id(String topic) {
    return Optional.ofNullable(topics.get(topic)).map(Topic::id);
  }

  void delete(String topic) {
    topics.remove(topic);
  }

  InMemoryPartition partition(Partition name) {
    return find(name)
        .orElseThrow(() -> new LogConfigurationException("there is no partition " + name));
  }

  Optional<InMemoryPartition> find(Partition name) {
    return Optional.ofNullable(topics.get(name.topic()))
        .filter(topic -> name.number() < topic.partitions().size())
        .map(topic -> topic.partitions().get(name.number()));
  }

  List<InMemoryPartition> partitions(String topic) {
    return Optional.ofNullable(topics.get(topic))
        .map(Topic::partitions)
        .orElseThrow(() -> new LogConfigurationException("there is no topic " + topic));
  }

  /** Every partition of every topic. */
  List<InMemoryPartition> all() {
    List<InMemoryPartition> all = new ArrayList<>();
    topics.values().forEach(topic -> all.addAll(topic.partitions()));
    return all;
  }

  /** Appends, or throws what {@link dev.shiplog.topics.log.LogWriter#append} fails with. */
  long append(Partition to, LogRecord record, long transaction) {
    LogException refusal = refusal(to, record);
    if (refusal != null) {
      throw refusal;
    }
    long offset = partition(to).append(record, transaction);
    bytes += size(record);
    signal();
    return offset;
  }

  /** Takes a transactional id over from whoever had it; returns the new epoch. */
  int takeOver(String transactionalId) {
    int epoch = producerEpochs.merge(transactionalId, 1, Integer::sum);
    Long underWay = transactionsUnderWay.remove(transactionalId);
    if (underWay != null) {
      end(underWay, false);
    }
    return epoch;
  }

  boolean holds(String transactionalId, int epoch) {
    return producerEpochs.getOrDefault(transactionalId, 0) == epoch;
  }

  long begin(String transactionalId) {
    transactionsMade++;
    transactionsUnderWay.put(transactionalId, transactionsMade);
    return transactionsMade;
  }

  void end(String transactionalId, boolean committed) {
    Long underWay = transactionsUnderWay.remove(transactionalId);
    if (underWay != null) {
      end(underWay, committed);
    }
  }

  /** Wakes every reader that waits. */
  void signal() {
    changed.signalAll();
  }

  /** Loses what no disk has; what is under way is aborted when the broker comes back. */
  void powerFail() {
    transactionsUnderWay.clear();
    for (InMemoryPartition partition : all()) {
      partition.powerFail();
    }
    for (InMemoryPartition partition : all()) {
      partition.openTransactions().forEach(open -> partition.endTransaction(open, false));
    }
    signal();
  }

  private void end(long transaction, boolean committed) {
    all().forEach(partition -> partition.endTransaction(transaction, committed));
    signal();
  }

  private Topic make(TopicSpec spec) {
    boolean flushes = setting(spec, "flush.messages", "").equals("1");
    List<InMemoryPartition> partitions = new ArrayList<>();
    for (int number = 0; number < spec.partitions(); number++) {
      partitions.add(new InMemoryPartition(new Partition(spec.name(), number), flushes));
    }
    topicsMade++;
    return new Topic(spec, "in-memory-topic-" + topicsMade, List.copyOf(partitions));
  }

  private LogException refusal(Partition to, LogRecord record) {
    Topic topic = topics.get(to.topic());
    if (topic == null || to.number() >= topic.partitions().size()) {
      return new LogUnavailableException("there is no partition " + to);
    }
    if (topic.compacted() && record.key() == null) {
      return new LogConfigurationException(
          "a record of the compacted topic " + to.topic() + " needs a key");
    }
    if (size(record) > topic.maxMessageBytes()) {
      return new RecordTooLargeException(
          "a record of %d bytes; %s takes %d"
              .formatted(size(record), to.topic(), topic.maxMessageBytes()));
    }
    if (bytes + size(record) > maxBytes) {
      return new LogUnavailableException(
          "the in-memory log is full: it was given " + maxBytes + " bytes over its life");
    }
    return null;
  }

  private static int size(LogRecord record) {
    int size = RECORD_OVERHEAD_BYTES;
    size += record.key() == null ? 0 : record.key().length;
    size += record.value() == null ? 0 : record.value().length;
    for (Map.Entry<String, byte[]> header : record.headers().entrySet()) {
      size += header.getKey().length() + header.getValue().length;
    }
    return size;
  }

  private static String setting(TopicSpec spec, String name, String otherwise) {
    return spec.settings().getOrDefault(name, otherwise);
  }
}
