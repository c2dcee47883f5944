package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.metrics.KafkaClients;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** An idempotent producer. Answers come on its network thread. */
final class KafkaWriter implements LogWriter {

  private final KafkaProducer<byte[], byte[]> producer;
  private final Duration closeTimeout;
  private final Runnable hide;

  KafkaWriter(Map<String, Object> properties, Duration closeTimeout) {
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    this.closeTimeout = closeTimeout;
    this.hide = KafkaClients.show(looks -> new KafkaClientMetrics(producer, Tags.empty(), looks));
  }

  @Override
  public CompletableFuture<Long> append(Partition partition, LogRecord record) {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    try {
      var _ =
          producer.send(
              KafkaRecords.kafka(partition, record),
              (metadata, failure) -> {
                if (failure == null) {
                  answer.complete(metadata.offset());
                } else {
                  answer.completeExceptionally(unknown(partition, failure));
                }
              });
    } catch (KafkaException e) {
      answer.completeExceptionally(unknown(partition, e));
    }
    return answer;
  }

  @Override
  public void close() {
    hide.run();
    producer.close(closeTimeout);
  }

  /** Nobody can fence a writer without transactions: to its caller it is one more unknown end. */
  private static LogException unknown(Partition partition, Exception failure) {
    LogException judged = KafkaFailures.of("appending to " + partition, failure);
    return judged instanceof FencedException
        ? new LogUnavailableException(judged.getMessage(), judged)
        : judged;
  }
}
