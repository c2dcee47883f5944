package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two API servers on one Kafka are one cluster, whatever happens to the one that leads. Kafka is
 * the embedded one of a third process, which serves a cluster of another topic prefix.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SeveralServersIT {

  private static final String NO_PARTS = "controllers,scheduler,agent";
  private static final int WRITERS = 4;

  private Product kafka;
  private Product first;
  private Product second;

  @BeforeAll
  void start(@TempDir Path directory) {
    kafka =
        Product.on(directory.resolve("kafka"), "--topic-prefix", "other", "--without", NO_PARTS);
    kafka.up();
    first = server(directory.resolve("first"), directory.resolve("first").resolve("pki"));
    first.up();
    second = server(directory.resolve("second"), first.data().resolve("pki"));
    second.up();
  }

  @AfterAll
  void stop() {
    for (Product product : new Product[] {second, first, kafka}) {
      if (product != null) {
        product.close();
      }
    }
  }

  @Test
  @Order(1)
  void aClientMayTalkToAnyOfThem() {
    first.kubectl().ok("create configmap one --from-literal=a=b");
    second.kubectl().ok("create configmap two --from-literal=a=b");
    second.kubectl().ok("delete configmap one");

    assertThat(first.kubectl().ok("get configmaps -o name")).isEqualTo("configmap/two");
    assertThat(second.kubectl().run("create configmap two").failed().err())
        .contains("already exists");
  }

  @Test
  @Order(2)
  void aLeaderThatIsPausedIsFollowedByAnotherAndFollowsIt() throws Exception {
    WriteLoad onFirst = WriteLoad.on(first, "paused-first", WRITERS);
    WriteLoad onSecond = WriteLoad.on(second, "paused-second", WRITERS);
    onFirst.awaitAcknowledged(20);
    signal("STOP", first);
    onSecond.awaitAcknowledged(20);
    signal("CONT", first);
    onFirst.awaitAcknowledged(20);
    onSecond.awaitAcknowledged(20);
    onFirst.finish();
    onSecond.finish();

    assertThat(onFirst.others()).isEmpty();
    assertThat(onSecond.others()).isEmpty();
    assertThat(names(first)).containsAll(onFirst.acknowledged());
    assertThat(names(first)).isEqualTo(names(second));
  }

  @Test
  @Order(3)
  void theClientsOfAFollowerNoticeNothingButAPauseWhenTheLeaderIsKilled() throws Exception {
    // The second one leads since the first one's pause.
    WriteLoad load = WriteLoad.on(first, "killed", WRITERS);
    load.awaitAcknowledged(20);
    second.kill();
    load.awaitAcknowledged(50);
    load.finish();

    assertThat(load.others()).isEmpty();
    assertThat(names(first)).containsAll(load.acknowledged());
  }

  private Product server(Path data, Path pki) {
    return Product.on(
        data,
        "--kafka",
        kafka.kafka(),
        "--replication",
        "1",
        "--pki",
        pki.toString(),
        "--without",
        NO_PARTS);
  }

  private static List<String> names(Product product) {
    String names = product.kubectl().ok("get configmaps -o jsonpath={.items[*].metadata.name}");
    return List.of(names.split(" "));
  }

  private static void signal(String name, Product product) {
    Run.of(
            List.of("kill", "-" + name, Long.toString(product.pid())),
            Map.of(),
            Duration.ofSeconds(10))
        .succeeded();
  }
}
