package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.StoredRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Turns Shiplog's records into Kafka's and back. */
final class KafkaRecords {

  private KafkaRecords() {}

  static TopicPartition kafka(Partition partition) {
    return new TopicPartition(partition.topic(), partition.number());
  }

  static ProducerRecord<byte[], byte[]> kafka(Partition partition, LogRecord record) {
    List<Header> headers = new ArrayList<>(record.headers().size());
    record.headers().forEach((name, value) -> headers.add(new RecordHeader(name, value)));
    return new ProducerRecord<>(
        partition.topic(),
        partition.number(),
        record.timestampMs(),
        record.key(),
        record.value(),
        headers);
  }

  static StoredRecord stored(ConsumerRecord<byte[], byte[]> record) {
    return new StoredRecord(
        new Partition(record.topic(), record.partition()),
        record.offset(),
        new LogRecord(record.key(), record.value(), record.timestamp(), headers(record)));
  }

  private static Map<String, byte[]> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, byte[]> headers = new LinkedHashMap<>();
    record.headers().forEach(header -> headers.put(header.key(), header.value()));
    return headers;
  }
}
