package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.StoredRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer without a group. One thread, but for {@link #wakeup}. */
final class KafkaLogReader implements LogReader {

  private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);

  private final Consumer<byte[], byte[]> consumer;

  KafkaLogReader(Map<String, Object> properties) {
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public void assign(Map<Partition, Long> positions) {
    consumer.assign(positions.keySet().stream().map(KafkaTopicLog::kafka).toList());
    positions.forEach((partition, offset) -> consumer.seek(KafkaTopicLog.kafka(partition), offset));
  }

  @Override
  public List<StoredRecord> poll(Duration atMost) {
    try {
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(atMost);
      List<StoredRecord> records = new ArrayList<>(polled.count());
      for (ConsumerRecord<byte[], byte[]> record : polled) {
        records.add(KafkaRecords.incoming(record));
      }
      return records;
    } catch (WakeupException _) {
      return List.of();
    } catch (KafkaException e) {
      throw KafkaErrors.translate("reading " + consumer.assignment(), e);
    }
  }

  @Override
  public long position(Partition partition) {
    try {
      return consumer.position(KafkaTopicLog.kafka(partition));
    } catch (KafkaException e) {
      throw KafkaErrors.translate("asking for the position in " + partition, e);
    }
  }

  @Override
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(CLOSE_BOUND));
  }
}
