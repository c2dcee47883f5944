package dev.shiplog.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.NotFoundException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;

/** In a real engine, where one runs and has the image. */
final class ShiplogContainerIT {

  @Test
  void aClientOutsideSeesTheNodes() {
    Assumptions.assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "skipped: no Docker engine runs here, so no cluster in a container");
    Assumptions.assumeTrue(
        hasImage(),
        "skipped: the engine lacks "
            + ShiplogContainer.IMAGE
            + "; './shiplog make-image shiplog.tar' and 'docker load -i shiplog.tar' bring it");

    try (ShiplogContainer cluster = new ShiplogContainer().withNodes(2)) {
      cluster.start();
      Config config = Config.fromKubeconfig(cluster.kubeconfig());
      try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
        assertThat(client.nodes().list().getItems())
            .extracting(node -> node.getMetadata().getName())
            .containsExactlyInAnyOrder("node-1", "node-2");
      }
    }
  }

  private static boolean hasImage() {
    try {
      return DockerClientFactory.instance()
              .client()
              .inspectImageCmd(ShiplogContainer.IMAGE)
              .exec()
              .getId()
          != null;
    } catch (NotFoundException missing) {
      return false;
    }
  }
}
