package dev.shiplog.bench.workloads;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.shiplog.bench.report.Client;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The time between a change and the controller's command about it, as somebody sees it who reads
 * both topics: from the record of a new Deployment until the command that creates its ReplicaSet.
 * One thread.
 */
final class ReactionTime {

  private static final String STORE = "shiplog.store.deployments.apps";
  private static final String COMMANDS = "shiplog.commands";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectReader JSON = new ObjectMapper().reader();

  private final Client client;
  private final String kafka;
  private final Map<String, Long> changed = new HashMap<>();
  private final Map<String, Long> commanded = new HashMap<>();

  ReactionTime(Client client, String kafka) {
    this.client = client;
    this.kafka = kafka;
  }

  /** Creates Deployments one after the other. */
  String measure(String namespace, int count) throws IOException, InterruptedException {
    client.send("POST", "/api/v1/namespaces", Objects.namespace(namespace), 201);
    double[] ms = new double[count];
    try (KafkaConsumer<String, String> consumer = consumer()) {
      for (int i = 0; i < count; i++) {
        ms[i] = one(consumer, namespace, "one-" + i);
      }
    }
    Arrays.sort(ms);
    String row =
        String.format(
            Locale.ROOT,
            "From a change to the controller's command: p50 %.1f ms (target 5), p90 %.1f ms, p99"
                + " %.1f ms, over %d new Deployments one after the other.%n",
            ms[count / 2],
            ms[count * 9 / 10],
            ms[count * 99 / 100],
            count);
    System.out.print(row);
    return row;
  }

  private double one(KafkaConsumer<String, String> consumer, String namespace, String name)
      throws IOException, InterruptedException {
    String key = namespace + "/" + name;
    String path = "/apis/apps/v1/namespaces/" + namespace + "/deployments";
    client.send("POST", path, Objects.deployment(name, 1), 201);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!changed.containsKey(key) || !commanded.containsKey(key)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("nobody has acted on " + key);
      }
      consumer.poll(Duration.ofMillis(100)).forEach(this::take);
    }
    return (commanded.get(key) - changed.get(key)) / 1e6;
  }

  private void take(ConsumerRecord<String, String> record) {
    long now = System.nanoTime();
    if (record.topic().equals(STORE)) {
      changed.putIfAbsent(record.key(), now);
    } else if (record.key().startsWith("replicasets.apps/")) {
      commanded.putIfAbsent(owner(record), now);
    }
  }

  private static String owner(ConsumerRecord<String, String> command) {
    try {
      var body = JSON.readTree(command.value()).path("body");
      return body.at("/metadata/namespace").asText()
          + "/"
          + body.at("/metadata/ownerReferences/0/name").asText();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private KafkaConsumer<String, String> consumer() {
    KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                kafka,
                "isolation.level",
                "read_committed",
                "fetch.max.wait.ms",
                100),
            new StringDeserializer(),
            new StringDeserializer());
    List<TopicPartition> partitions =
        List.of(new TopicPartition(STORE, 0), new TopicPartition(COMMANDS, 0));
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    return consumer;
  }
}
