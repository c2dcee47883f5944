package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.e2e.consistency.ApiServer;
import dev.shiplog.e2e.consistency.Workload;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two API servers on three brokers, replication 3 and two in sync, through everything that happens
 * to servers and brokers. What clients were told is judged by a history checker.
 *
 * <p>{@code -Dhistory.seed} chooses the dice, {@code -Dhistory.troubles} how often something
 * happens.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ReplicatedKafkaIT {

  private static final long SEED = Long.getLong("history.seed", 1);
  private static final int TROUBLES = Integer.getInteger("history.troubles", 2);
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  private KafkaCluster kafka;
  private final List<Product> products = new ArrayList<>();
  private final List<ApiServer> servers = new ArrayList<>();

  @BeforeAll
  void start(@TempDir Path directory) {
    kafka = KafkaCluster.of(3, directory);
    for (int i = 0; i < 2; i++) {
      Product product =
          Product.on(
              directory.resolve("server-" + i),
              "--kafka",
              kafka.bootstrap(),
              "--pki",
              directory.resolve("server-0").resolve("pki").toString(),
              "--without",
              "controllers,scheduler,agent");
      products.add(product);
      product.up();
      servers.add(api(product));
    }
  }

  @AfterAll
  void stop() {
    servers.forEach(ApiServer::close);
    products.reversed().forEach(Product::close);
    if (kafka != null) {
      kafka.close();
    }
  }

  /** Each trouble by the dice: servers are killed or paused, brokers killed or paused. */
  @Test
  @Order(1)
  void whatClientsAreToldIsTrueWhateverHappensToServersAndBrokers() {
    Random dice = new Random(SEED);
    Workload load = new Workload(servers, SEED);
    load.start(4, 3);
    for (int trouble = 0; trouble < TROUBLES; trouble++) {
      load.awaitAcknowledged(100);
      trouble(trouble < 4 ? trouble : dice.nextInt(4), dice);
      load.awaitAcknowledged(50);
    }
    load.finishAndCheck(Path.of("target", "history-" + SEED + ".txt"));
    System.out.println("history " + SEED + ": " + load.summary());
  }

  @Test
  @Order(2)
  void withoutEnoughBrokersWritesAreRefusedForNowAndReadsOfWhatIsAtHandGoOn() throws Exception {
    Workload load = new Workload(servers, SEED + 1);
    load.start(2, 1);
    load.awaitAcknowledged(30);
    kafka.node(1).kill();
    kafka.node(2).kill();

    HttpResponse<String> write = servers.getFirst().send("POST", MAPS, map("refused"));
    assertThat(write.statusCode()).as(write.body()).isIn(503, 504);
    for (ApiServer server : servers) {
      HttpResponse<String> read = server.send("GET", MAPS + "?resourceVersion=0", "");
      assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
    }

    kafka.node(1).start();
    kafka.node(2).start();
    kafka.awaitNodes(3);
    load.awaitAcknowledged(30);
    load.finishAndCheck(Path.of("target", "history-" + (SEED + 1) + ".txt"));
  }

  private void trouble(int kind, Random dice) {
    int server = dice.nextInt(products.size());
    int broker = dice.nextInt(3);
    switch (kind) {
      case 0 -> {
        kafka.node(broker).kill();
        pause(2_000);
        kafka.node(broker).start();
        kafka.awaitNodes(3);
      }
      case 1 -> {
        products.get(server).kill();
        pause(dice.nextInt(3_000));
        products.get(server).up();
      }
      case 2 -> paused(products.get(server).pid(), 3_000 + dice.nextInt(1_500));
      default -> paused(kafka.node(broker).pid(), 1_000 + dice.nextInt(3_000));
    }
  }

  private static void paused(long pid, int millis) {
    signal("STOP", pid);
    try {
      pause(millis);
    } finally {
      signal("CONT", pid);
    }
  }

  /** How long a trouble lasts is part of it: there is nothing to wait for. */
  private static void pause(int millis) {
    Awaitility.await()
        .pollDelay(Duration.ofMillis(millis))
        .atMost(Duration.ofMinutes(1))
        .until(() -> true);
  }

  private static void signal(String name, long pid) {
    Run.of(List.of("kill", "-" + name, Long.toString(pid)), Map.of(), Duration.ofSeconds(10))
        .succeeded();
  }

  private static ApiServer api(Product product) {
    return new ApiServer(
        product.server(), product.adminToken(), product.data().resolve("pki").resolve("ca.crt"));
  }

  private static String map(String name) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"}}"
        .formatted(name);
  }
}
