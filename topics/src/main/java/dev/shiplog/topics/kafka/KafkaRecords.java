package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.StoredRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Between our records and Kafka's. */
final class KafkaRecords {

  private KafkaRecords() {}

  static ProducerRecord<byte[], byte[]> outgoing(Partition partition, LogRecord record) {
    List<Header> headers =
        record.headers().entrySet().stream()
            .<Header>map(header -> new RecordHeader(header.getKey(), header.getValue()))
            .toList();
    return new ProducerRecord<>(
        partition.topic(),
        partition.number(),
        record.timestampMs(),
        record.key(),
        record.value(),
        headers);
  }

  static StoredRecord incoming(ConsumerRecord<byte[], byte[]> record) {
    return new StoredRecord(
        new Partition(record.topic(), record.partition()),
        record.offset(),
        new LogRecord(record.key(), record.value(), record.timestamp(), headers(record)));
  }

  private static Map<String, byte[]> headers(ConsumerRecord<byte[], byte[]> record) {
    Header[] found = record.headers().toArray();
    if (found.length == 0) {
      return Map.of();
    }
    Map<String, byte[]> headers = LinkedHashMap.newLinkedHashMap(found.length);
    for (Header header : found) {
      headers.put(header.key(), header.value());
    }
    return headers;
  }
}
