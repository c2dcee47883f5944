package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.StoredRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer with assigned partitions and positions of its own. Used by one thread. */
final class KafkaReader implements LogReader {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Duration closeTimeout;

  KafkaReader(Map<String, Object> properties, Duration closeTimeout) {
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.closeTimeout = closeTimeout;
  }

  @Override
  public void assign(Map<Partition, Long> positions) {
    consumer.assign(positions.keySet().stream().map(KafkaRecords::kafka).toList());
    positions.forEach(
        (partition, position) -> consumer.seek(KafkaRecords.kafka(partition), position));
  }

  @Override
  public List<StoredRecord> poll(Duration atMost) {
    try {
      return stored(consumer.poll(atMost));
    } catch (WakeupException e) {
      return List.of();
    } catch (KafkaException e) {
      throw KafkaFailures.of("reading " + consumer.assignment(), e);
    }
  }

  @Override
  public long position(Partition partition) {
    try {
      return consumer.position(KafkaRecords.kafka(partition));
    } catch (KafkaException e) {
      throw KafkaFailures.of("asking for the position in " + partition, e);
    }
  }

  @Override
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(closeTimeout));
  }

  private static List<StoredRecord> stored(ConsumerRecords<byte[], byte[]> records) {
    List<StoredRecord> stored = new ArrayList<>(records.count());
    records.forEach(record -> stored.add(KafkaRecords.stored(record)));
    return stored;
  }
}
