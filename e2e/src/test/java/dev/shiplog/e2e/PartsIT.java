package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of several simulated nodes, without the parts that somebody else is to play. */
final class PartsIT {

  @TempDir private static Path directory;
  private static Product product;
  private static Kubectl kubectl;

  @BeforeAll
  static void start() {
    product =
        Product.on(
            directory.resolve("data"),
            "--runtime",
            "simulated",
            "--nodes",
            "3",
            "--without",
            "scheduler,controllers=deployment-controller");
    product.up();
    kubectl = product.kubectl();
  }

  @AfterAll
  static void stop() {
    product.close();
  }

  @Test
  void asManyNodesAreReadyAsWereAskedFor() {
    String ready = "-o jsonpath={.items[*].status.conditions[?(@.type==\"Ready\")].status}";
    assertThat(kubectl.ok("get nodes " + ready)).isEqualTo("True True True");
  }

  @Test
  void aControllerThatIsLeftOutDoesNothingAndTheOthersWork() {
    kubectl.ok("create deployment ignored --image=busybox");
    kubectl.apply(REPLICA_SET);

    kubectl.await("get rs kept -o jsonpath={.status.replicas}", "2");
    assertThat(kubectl.ok("get rs -l app=ignored -o name")).isEmpty();
    assertThat(kubectl.ok("get deploy ignored -o jsonpath={.status}")).isEqualTo("{}");
  }

  @Test
  void withoutASchedulerPodsWaitUntilSomebodyElseBindsThem() {
    kubectl.ok("run waiting --image=busybox");
    String first = kubectl.ok("get nodes -o jsonpath={.items[0].metadata.name}");
    kubectl.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: bound}
        spec: {nodeName: %s, containers: [{name: c, image: busybox}]}
        """
            .formatted(first));

    kubectl.await("get pod bound -o jsonpath={.status.phase}", "Running");
    assertThat(kubectl.ok("get pod waiting -o jsonpath={.status.phase},{.spec.nodeName}"))
        .isEqualTo("Pending,");
  }

  private static final String REPLICA_SET =
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: kept}
      spec:
        replicas: 2
        selector: {matchLabels: {app: kept}}
        template:
          metadata: {labels: {app: kept}}
          spec: {containers: [{name: c, image: busybox}]}
      """;
}
