package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TransactionalWriter;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** The log on a Kafka cluster. Any thread. */
public final class KafkaTopicLog implements TopicLog {

  private final KafkaSettings settings;
  private final ClientProperties properties;
  private final Admin admin;
  private final KafkaTopics topics;

  /** Connects; returns at once, whether or not Kafka can be reached. */
  public KafkaTopicLog(KafkaSettings settings) {
    this.settings = settings;
    this.properties = new ClientProperties(settings);
    this.admin = Admin.create(properties.admin());
    this.topics = new KafkaTopics(admin, this::await);
  }

  @Override
  public void ensureTopics(Collection<TopicSpec> specs) {
    topics.ensure(specs);
  }

  @Override
  public Optional<String> topicId(String topic) {
    return topics.id(topic);
  }

  @Override
  public void deleteTopic(String topic) {
    topics.delete(topic);
  }

  @Override
  public OffsetRange range(Partition partition, Isolation isolation) {
    topics.requireKnown(partition);
    String doing = "reading the offsets of " + partition;
    TopicPartition name = kafka(partition);
    KafkaFuture<ListOffsetsResultInfo> start =
        admin
            .listOffsets(Map.of(name, OffsetSpec.earliest()), options(isolation))
            .partitionResult(name);
    KafkaFuture<ListOffsetsResultInfo> end =
        admin
            .listOffsets(Map.of(name, OffsetSpec.latest()), options(isolation))
            .partitionResult(name);
    return new OffsetRange(await(doing, start).offset(), await(doing, end).offset());
  }

  @Override
  public void truncateBefore(Partition partition, long offset) {
    long start = range(partition, Isolation.READ_UNCOMMITTED).start();
    if (offset > start) {
      TopicPartition name = kafka(partition);
      await(
          "truncating " + partition + " before offset " + offset,
          admin
              .deleteRecords(Map.of(name, RecordsToDelete.beforeOffset(offset)))
              .lowWatermarks()
              .get(name));
    }
  }

  @Override
  public LogWriter openWriter() {
    return new KafkaLogWriter(properties.writer());
  }

  @Override
  public TransactionalWriter openTransactionalWriter(String transactionalId) {
    return KafkaTransactionalWriter.open(properties.transactionalWriter(transactionalId));
  }

  @Override
  public LogReader openReader(Isolation isolation) {
    return new KafkaLogReader(properties.reader(isolation));
  }

  @Override
  public void close() {
    admin.close(settings.callTimeout());
  }

  static TopicPartition kafka(Partition partition) {
    return new TopicPartition(partition.topic(), partition.number());
  }

  private static ListOffsetsOptions options(Isolation isolation) {
    return new ListOffsetsOptions(
        switch (isolation) {
          case READ_COMMITTED -> IsolationLevel.READ_COMMITTED;
          case READ_UNCOMMITTED -> IsolationLevel.READ_UNCOMMITTED;
        });
  }

  /** The client bounds its calls itself; this only guards against a client that does not. */
  private <T> T await(String doing, KafkaFuture<T> future) {
    try {
      return future.get(2 * settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw KafkaErrors.translate(doing, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KafkaErrors.translate(doing, e);
    }
  }
}
