package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.StoredRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.utils.Utils;

/** Turns Shiplog's records into Kafka's and back. */
final class KafkaRecords {

  private KafkaRecords() {}

  static TopicPartition kafka(Partition partition) {
    return new TopicPartition(partition.topic(), partition.number());
  }

  static IsolationLevel kafka(Isolation isolation) {
    return switch (isolation) {
      case READ_COMMITTED -> IsolationLevel.READ_COMMITTED;
      case READ_UNCOMMITTED -> IsolationLevel.READ_UNCOMMITTED;
    };
  }

  static SimpleRecord simple(LogRecord record) {
    return new SimpleRecord(
        record.timestampMs(), record.key(), record.value(), headers(record).toArray(Header[]::new));
  }

  static ProducerRecord<byte[], byte[]> kafka(Partition partition, LogRecord record) {
    return new ProducerRecord<>(
        partition.topic(),
        partition.number(),
        record.timestampMs(),
        record.key(),
        record.value(),
        headers(record));
  }

  private static List<Header> headers(LogRecord record) {
    List<Header> headers = new ArrayList<>(record.headers().size());
    record.headers().forEach((name, value) -> headers.add(new RecordHeader(name, value)));
    return headers;
  }

  static StoredRecord stored(TopicPartition partition, Record record) {
    return new StoredRecord(
        new Partition(partition.topic(), partition.partition()),
        record.offset(),
        new LogRecord(
            Utils.toNullableArray(record.key()),
            Utils.toNullableArray(record.value()),
            record.timestamp(),
            headers(List.of(record.headers()))));
  }

  static StoredRecord stored(ConsumerRecord<byte[], byte[]> record) {
    return new StoredRecord(
        new Partition(record.topic(), record.partition()),
        record.offset(),
        new LogRecord(record.key(), record.value(), record.timestamp(), headers(record.headers())));
  }

  private static Map<String, byte[]> headers(Iterable<Header> from) {
    Map<String, byte[]> headers = new LinkedHashMap<>();
    from.forEach(header -> headers.put(header.key(), header.value()));
    return headers;
  }
}
