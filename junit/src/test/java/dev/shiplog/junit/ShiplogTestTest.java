package dev.shiplog.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@ShiplogTest(nodes = 2)
final class ShiplogTestTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final ShiplogCluster cluster;

  ShiplogTestTest(ShiplogCluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void aDeploymentsPodsRunOnTheNodes(KubernetesClient client) {
    client.resource(deployment("web", 3)).create();

    await()
        .atMost(LONG)
        .until(() -> {
          Deployment seen =
              client.apps().deployments().inNamespace("default").withName("web").get();
          return Integer.valueOf(3).equals(seen.getStatus().getAvailableReplicas());
        });
    assertThat(client.pods().inNamespace("default").withLabel("app", "web").list().getItems())
        .extracting(pod -> pod.getSpec().getNodeName())
        .containsOnly("node-1", "node-2");
  }

  @Test
  void theKubeconfigIsAFileToo() throws Exception {
    assertThat(Files.readString(cluster.kubeconfigFile()))
        .isEqualTo(cluster.kubeconfig())
        .contains(cluster.server());
  }

  @Nested
  final class WithinAClass {

    @Test
    void theClusterIsThatOfTheClassAround(ShiplogCluster nested) {
      assertThat(nested).isSameAs(cluster);
    }
  }

  static Deployment deployment(String name, int replicas) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withNewSelector()
        .withMatchLabels(Map.of("app", name))
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(Map.of("app", name))
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("main")
        .withImage("example.com/main:1")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  static boolean isUnscheduled(Pod pod) {
    return pod.getSpec().getNodeName() == null;
  }
}
