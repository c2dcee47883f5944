package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** An idempotent producer. Any thread. */
final class KafkaLogWriter implements LogWriter {

  private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;

  KafkaLogWriter(Map<String, Object> properties) {
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public CompletableFuture<Long> append(Partition partition, LogRecord record) {
    return send(producer, partition, record);
  }

  @Override
  public void close() {
    producer.close(CLOSE_BOUND);
  }

  /** Sends a record; the future fails with what the exception means. */
  static CompletableFuture<Long> send(
      Producer<byte[], byte[]> producer, Partition partition, LogRecord record) {
    CompletableFuture<Long> offset = new CompletableFuture<>();
    try {
      var _ =
          producer.send(
              KafkaRecords.outgoing(partition, record),
              (metadata, failure) -> {
                if (failure == null) {
                  offset.complete(metadata.offset());
                } else {
                  offset.completeExceptionally(
                      KafkaErrors.translate("appending to " + partition, failure));
                }
              });
    } catch (KafkaException | IllegalStateException e) {
      offset.completeExceptionally(KafkaErrors.translate("appending to " + partition, e));
    }
    return offset;
  }
}
