package dev.shiplog.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads topics as anyone with a Kafka consumer can. */
final class TopicReader {

  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<String, Object> settings;

  TopicReader(String kafka) {
    settings =
        Map.of(
            "bootstrap.servers", kafka,
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest");
  }

  /** All topics of the cluster. */
  Set<String> topics() {
    try (var consumer = consumer()) {
      return new TreeSet<>(consumer.listTopics().keySet());
    }
  }

  /** What a topic holds now, bytes taken as text. */
  List<ConsumerRecord<String, String>> all(String topic) {
    try (var consumer = consumer()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<String, String>> all = new ArrayList<>();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(POLL).forEach(all::add);
      }
      return all;
    }
  }

  private KafkaConsumer<String, String> consumer() {
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }
}
