package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.TransactionalWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A transactional producer. One thread. */
final class KafkaTransactionalWriter implements TransactionalWriter {

  private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private boolean open;

  private KafkaTransactionalWriter(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  static KafkaTransactionalWriter open(Map<String, Object> properties) {
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
      return new KafkaTransactionalWriter(producer);
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw KafkaErrors.translate("opening a transactional writer", e);
    }
  }

  @Override
  public void begin() {
    attempt("beginning a transaction", producer::beginTransaction);
    open = true;
  }

  @Override
  public CompletableFuture<Long> append(Partition partition, LogRecord record) {
    return KafkaLogWriter.send(producer, partition, record);
  }

  @Override
  public void flush() {
    attempt("flushing", producer::flush);
  }

  @Override
  public void commit() {
    attempt("committing a transaction", producer::commitTransaction);
    open = false;
  }

  @Override
  public void abort() {
    open = false;
    attempt("aborting a transaction", producer::abortTransaction);
  }

  @Override
  public void close() {
    try {
      if (open) {
        producer.abortTransaction();
      }
    } catch (KafkaException | IllegalStateException _) {
      // Fenced, or Kafka is out of reach: the broker aborts it when its time is over.
    } finally {
      producer.close(CLOSE_BOUND);
    }
  }

  private static void attempt(String doing, Runnable call) {
    try {
      call.run();
    } catch (KafkaException | IllegalStateException e) {
      throw KafkaErrors.translate(doing, e);
    }
  }
}
