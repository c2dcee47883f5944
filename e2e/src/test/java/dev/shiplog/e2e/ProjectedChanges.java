package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;

/**
 * Follows projected topics under read_committed from their beginning, as controllers, nodes and
 * auditors do. One thread.
 */
final class ProjectedChanges implements AutoCloseable {

  private static final String REVISION = "shiplog-revision";

  private final KafkaConsumer<String, byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final List<Seen> seen = new ArrayList<>();

  /** A record, in the order in which it came. */
  private record Seen(TopicPartition partition, String key, long revision) {}

  /** Begins to follow all partitions of the topics. */
  ProjectedChanges(String kafka, String... topics) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    partitions = new ArrayList<>();
    for (String topic : topics) {
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Takes what there is now; what audit tells of requests that changed nothing is left out. */
  void follow() {
    for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
      Header revision = record.headers().lastHeader(REVISION);
      if (revision != null) {
        seen.add(
            new Seen(
                new TopicPartition(record.topic(), record.partition()),
                record.key(),
                Long.parseLong(new String(revision.value(), StandardCharsets.UTF_8))));
      }
    }
  }

  /** Waits for the objects' creations; each must come once, and so must everything else. */
  void checkOnce(String topic, Collection<String> keys) {
    Awaitility.await(topic)
        .atMost(Duration.ofMinutes(1))
        .until(() -> {
          follow();
          return keysOf(topic).containsAll(keys);
        });
    assertThat(keysOf(topic).stream().filter(keys::contains))
        .as("records in %s", topic)
        .hasSameSizeAs(keys);
    for (TopicPartition partition : partitions) {
      assertThat(seen.stream().filter(one -> one.partition().equals(partition)))
          .extracting(Seen::revision)
          .as("revisions in %s", partition)
          .isSorted()
          .doesNotHaveDuplicates();
    }
  }

  private List<String> keysOf(String topic) {
    return seen.stream()
        .filter(one -> one.partition().topic().equals(topic))
        .map(Seen::key)
        .toList();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
