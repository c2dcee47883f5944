package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.TransactionalWriter;
import dev.shiplog.topics.metrics.KafkaClients;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A transactional producer. Used by one thread; answers come on its network thread. */
final class KafkaTransactionalWriter implements TransactionalWriter {

  private final String id;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Duration closeTimeout;
  private final Runnable hide;

  /** Fences every earlier writer with the same id, and ends what it had open. */
  KafkaTransactionalWriter(String id, Map<String, Object> properties, Duration closeTimeout) {
    this.id = id;
    this.closeTimeout = closeTimeout;
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      call("opening", producer::initTransactions);
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
    this.hide = KafkaClients.show(looks -> new KafkaClientMetrics(producer, Tags.empty(), looks));
  }

  @Override
  public void begin() {
    call("beginning", producer::beginTransaction);
  }

  @Override
  public CompletableFuture<Long> append(Partition partition, LogRecord record) {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    try {
      send(partition, record, answer);
    } catch (KafkaException e) {
      LogException judged = KafkaFailures.of(sentence("appending to " + partition), e);
      if (judged instanceof FencedException) {
        throw judged;
      }
      answer.completeExceptionally(judged);
    }
    return answer;
  }

  @Override
  public void flush() {
    call("flushing", producer::flush);
  }

  @Override
  public void commit() {
    call("committing", producer::commitTransaction);
  }

  @Override
  public void abort() {
    call("aborting", producer::abortTransaction);
  }

  @Override
  public void close() {
    hide.run();
    producer.close(closeTimeout);
  }

  private void send(Partition partition, LogRecord record, CompletableFuture<Long> answer) {
    var _ =
        producer.send(
            KafkaRecords.kafka(partition, record),
            (metadata, failure) -> {
              if (failure == null) {
                answer.complete(metadata.offset());
              } else {
                answer.completeExceptionally(
                    KafkaFailures.of(sentence("appending to " + partition), failure));
              }
            });
  }

  private void call(String doing, Runnable action) {
    try {
      action.run();
    } catch (KafkaException e) {
      throw KafkaFailures.of(sentence(doing), e);
    }
  }

  private String sentence(String doing) {
    return doing + " as transactional id " + id;
  }
}
