package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TransactionalWriter;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;

/**
 * The log on a Kafka cluster. Connects when it is first used. Where the broker is in this process,
 * what is appended and read takes the short way to it.
 */
public final class KafkaTopicLog implements TopicLog {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /**
   * One that only reads has nothing to leave behind: it need not wait for a broker that is away.
   */
  private static final Duration READER_CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final KafkaSettings settings;
  private final ClientProperties properties;
  private final Admin admin;
  private final TopicProvisioner provisioner;
  private final Optional<DirectBroker> direct;
  private final OffsetQuestions committed;
  private final OffsetQuestions uncommitted;

  public KafkaTopicLog(KafkaSettings settings) {
    this(settings, Optional.empty());
  }

  /** The log on a broker in this process. */
  public KafkaTopicLog(KafkaSettings settings, DirectBroker direct) {
    this(settings, Optional.of(direct));
  }

  private KafkaTopicLog(KafkaSettings settings, Optional<DirectBroker> direct) {
    this.settings = settings;
    this.direct = direct;
    this.properties = new ClientProperties(settings);
    this.admin = Admin.create(properties.admin());
    this.provisioner = new TopicProvisioner(admin, settings.callTimeout());
    this.committed = questions(Isolation.READ_COMMITTED);
    this.uncommitted = questions(Isolation.READ_UNCOMMITTED);
  }

  @Override
  public void ensureTopics(Collection<TopicSpec> topics) {
    provisioner.ensure(topics);
  }

  @Override
  public Optional<String> topicId(String topic) {
    return provisioner.id(topic);
  }

  @Override
  public void deleteTopic(String topic) {
    provisioner.delete(topic);
  }

  @Override
  public OffsetRange range(Partition partition, Isolation isolation) {
    OptionalLong start =
        direct
            .map(broker -> broker.partitions().start(KafkaRecords.kafka(partition)))
            .orElse(OptionalLong.empty());
    OptionalLong end = knownEnd(partition, isolation);
    return start.isPresent() && end.isPresent()
        ? new OffsetRange(start.getAsLong(), end.getAsLong())
        : questionsAbout(isolation).range(partition);
  }

  @Override
  public long end(Partition partition, Isolation isolation) {
    OptionalLong known = knownEnd(partition, isolation);
    return known.isPresent() ? known.getAsLong() : questionsAbout(isolation).end(partition);
  }

  private OptionalLong knownEnd(Partition partition, Isolation isolation) {
    return direct
        .map(broker ->
            broker.partitions().end(KafkaRecords.kafka(partition), KafkaRecords.kafka(isolation)))
        .orElse(OptionalLong.empty());
  }

  @Override
  public boolean knowsEnds() {
    return direct.isPresent();
  }

  @Override
  public void truncateBefore(Partition partition, long offset) {
    try {
      admin
          .deleteRecords(
              Map.of(KafkaRecords.kafka(partition), RecordsToDelete.beforeOffset(offset)))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw KafkaFailures.of("truncating " + partition + " before " + offset, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("truncating " + partition + " was interrupted", e);
    }
  }

  @Override
  public LogWriter openWriter() {
    return direct.isPresent()
        ? new DirectWriter(direct.get().partitions(), CLOSE_TIMEOUT)
        : new KafkaWriter(properties.writer(), CLOSE_TIMEOUT);
  }

  @Override
  public TransactionalWriter openTransactionalWriter(String transactionalId) {
    KafkaTransactionalWriter producer =
        new KafkaTransactionalWriter(
            transactionalId, properties.transactionalWriter(transactionalId), CLOSE_TIMEOUT);
    if (direct.isEmpty()) {
      return producer;
    }
    // It made the topic of the coordinator, if need be, and waited until that was loaded.
    producer.close();
    return new DirectTransactionalWriter(
        transactionalId, direct.get().transactions(), ClientProperties.TRANSACTION_TIMEOUT);
  }

  @Override
  public LogReader openReader(Isolation isolation) {
    return direct.isPresent()
        ? new DirectReader(direct.get().partitions(), KafkaRecords.kafka(isolation))
        : new KafkaReader(properties.reader(isolation), READER_CLOSE_TIMEOUT);
  }

  /** What was opened from it is closed on its own. */
  @Override
  public void close() {
    committed.close(READER_CLOSE_TIMEOUT);
    uncommitted.close(READER_CLOSE_TIMEOUT);
    admin.close(CLOSE_TIMEOUT);
  }

  private OffsetQuestions questions(Isolation isolation) {
    return new OffsetQuestions(properties.reader(isolation), settings.callTimeout());
  }

  private OffsetQuestions questionsAbout(Isolation isolation) {
    return switch (isolation) {
      case READ_COMMITTED -> committed;
      case READ_UNCOMMITTED -> uncommitted;
    };
  }
}
