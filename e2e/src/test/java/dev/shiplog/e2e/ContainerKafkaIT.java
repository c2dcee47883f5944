package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers in containers, as a team that runs Kafka elsewhere has them. */
final class ContainerKafkaIT {

  @Test
  void aClusterOnThreeBrokersInContainersOutlivesOneOfThem(@TempDir Path directory)
      throws Exception {
    KafkaContainers containers = KafkaContainers.build(directory);
    try (KafkaCluster kafka = KafkaCluster.of(3, directory, containers);
        Product product =
            Product.on(
                directory.resolve("server"),
                "--kafka",
                kafka.bootstrap(),
                "--without",
                "controllers,scheduler,agent")) {
      product.up();
      WriteLoad load = WriteLoad.on(product, "map", 2);
      load.awaitAcknowledged(30);
      kafka.node(0).kill();
      load.awaitAcknowledged(30);
      kafka.node(0).start();
      kafka.awaitNodes(3);
      load.finish();

      String names = product.kubectl().ok("get configmaps -o jsonpath={.items[*].metadata.name}");
      assertThat(List.of(names.split(" "))).containsAll(load.acknowledged());
    }
  }
}
