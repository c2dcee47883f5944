package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;

/**
 * Compares what the store topics of a cluster show with what its audit topic tells: every change in
 * a store has its audit record, and every change that was told of can be seen there, unless a newer
 * one of the same object took its place. Servers may write meanwhile, as they do to show that they
 * live: what is told of after the stores were begun to be read need not be in them.
 */
final class AuditCompleteness {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CAUGHT_UP = Duration.ofMinutes(2);
  private static final String STORES = "shiplog.store.";
  private static final TopicPartition AUDIT = new TopicPartition("shiplog.audit", 0);

  private final String bootstrap;

  /** Changes by object and revision, as {@code configmaps/default/x@17}. */
  private final Set<String> stored = new HashSet<>();

  private final Map<String, Long> newestStored = new TreeMap<>();
  private final Set<String> told = new HashSet<>();
  private final Map<String, Long> newestTold = new TreeMap<>();
  private long twice;
  private long toldBefore;

  private AuditCompleteness(String bootstrap) {
    this.bootstrap = bootstrap;
  }

  /** Checks a cluster with the usual prefix; returns how many changes were compared. */
  static int check(String bootstrap) {
    AuditCompleteness[] last = new AuditCompleteness[1];
    Awaitility.await("both topics at the same change")
        .atMost(CAUGHT_UP)
        .untilAsserted(() -> {
          last[0] = new AuditCompleteness(bootstrap);
          last[0].compare();
        });
    return last[0].told.size();
  }

  private void compare() {
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<String> stores =
          consumer.listTopics().keySet().stream()
              .filter(topic -> topic.startsWith(STORES))
              .toList();
      assertThat(stores).isNotEmpty();
      toldBefore = consumer.endOffsets(List.of(AUDIT)).get(AUDIT);
      stores.forEach(topic -> read(consumer, new TopicPartition(topic, 0)));
      read(consumer, AUDIT);
    }
    assertThat(told).isNotEmpty();
    assertThat(twice).as("changes that were told of twice").isZero();
    assertThat(stored).as("changes in a store without an audit record").isSubsetOf(told);
    newestTold.forEach((object, revision) ->
        assertThat(newestStored.getOrDefault(object, revision))
            .as("newest change of %s in its store", object)
            .isGreaterThanOrEqualTo(revision));
  }

  private void read(KafkaConsumer<String, String> consumer, TopicPartition partition) {
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    while (consumer.position(partition) < end) {
      consumer.poll(Duration.ofSeconds(1)).forEach(this::take);
    }
  }

  private void take(ConsumerRecord<String, String> record) {
    Header header = record.headers().lastHeader("shiplog-revision");
    if (header == null) {
      // Told by an API server itself, of a request that changed nothing.
      return;
    }
    long revision = Long.parseLong(new String(header.value(), StandardCharsets.UTF_8));
    if (record.topic().startsWith(STORES)) {
      String object = record.topic().substring(STORES.length()) + "/" + record.key();
      stored.add(object + "@" + revision);
      newestStored.merge(object, revision, Math::max);
    } else {
      assertThat(parse(record.value()).at("/user/username").asText()).isNotEmpty();
      twice += told.add(record.key() + "@" + revision) ? 0 : 1;
      if (record.offset() < toldBefore) {
        newestTold.merge(record.key(), revision, Math::max);
      }
    }
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }
}
