package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.e2e.consistency.ApiServer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes, and with it the end of files that had not been written to the disk yet. The
 * journal has every acknowledged write on the disk; what projected topics lose is made again. Where
 * the journal lost something all the same (a disk that lied, say), the start refuses.
 */
final class PowerLossIT {

  private static final int MAPS = 40;
  private static final String PATH = "/api/v1/namespaces/default/configmaps";
  private static final String STORE = "shiplog.store.configmaps";
  private static final String[] OPTIONS = {"--without", "controllers,scheduler,agent"};

  @Test
  void nothingAcknowledgedIsLostAndContradictionsAreRecovered(@TempDir Path directory)
      throws Exception {
    try (Product product = Product.on(directory, OPTIONS)) {
      product.up();
      List<String> created = create(product);
      awaitProjected(product, created);
      product.kill();
      loseEnd(product, STORE);
      product.up();

      assertThat(names(product)).containsAll(created);

      awaitProjected(product, created);
      product.kill();
      loseEnd(product, "shiplog.journal");

      Run refused = product.tryUp().failed();
      assertThat(refused.err() + refused.out()).contains("shiplog recover");

      product.run(List.of("recover"), Duration.ofMinutes(2)).succeeded();
      product.up();
      assertThat(names(product)).containsAll(created);
      product.kubectl().ok("create configmap goes-on");
    }
  }

  private static List<String> create(Product product) throws Exception {
    List<String> created = new ArrayList<>();
    try (ApiServer server =
        new ApiServer(
            product.server(),
            product.adminToken(),
            product.data().resolve("pki").resolve("ca.crt"))) {
      for (int i = 0; i < MAPS; i++) {
        String name = "map-" + i;
        String body =
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"}}"
                .formatted(name);
        assertThat(server.send("POST", PATH, body).statusCode()).isEqualTo(201);
        created.add(name);
      }
    }
    return created;
  }

  private static List<String> names(Product product) {
    String names = product.kubectl().ok("get configmaps -o jsonpath={.items[*].metadata.name}");
    return List.of(names.split(" "));
  }

  /** Waits until the store topic has them all. */
  private static void awaitProjected(Product product, List<String> names) {
    TopicPartition partition = new TopicPartition(STORE, 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", product.kafka(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Set<String> keys = new HashSet<>();
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> {
            consumer
                .poll(Duration.ofMillis(200))
                .forEach(record -> keys.add(new String(record.key(), StandardCharsets.UTF_8)));
            return names.stream().allMatch(name -> keys.contains("default/" + name));
          });
    }
  }

  /** Takes a third of what the topic has, in the middle of a record most likely. */
  private static void loseEnd(Product product, String topic) throws IOException {
    Path partition = product.data().resolve("kafka").resolve(topic + "-0");
    try (Stream<Path> files = Files.list(partition)) {
      Path last =
          files.filter(file -> file.toString().endsWith(".log")).max(Path::compareTo).orElseThrow();
      try (FileChannel channel = FileChannel.open(last, StandardOpenOption.WRITE)) {
        assertThat(channel.size()).isPositive();
        var _ = channel.truncate(channel.size() * 2 / 3);
      }
    }
  }
}
