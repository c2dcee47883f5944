package dev.shiplog.example.website;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.junit.ShiplogTest;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import org.junit.jupiter.api.Test;

@ShiplogTest(nodes = 3)
class ShopTest {

  @Test
  void theShopIsSpreadOverThreeNodes(KubernetesClient client) {
    client.load(ShopTest.class.getResourceAsStream("/shop.yaml")).serverSideApply();
    client
        .apps()
        .deployments()
        .inNamespace("default")
        .withName("shop")
        .waitUntilReady(30, SECONDS);

    List<Pod> pods = client.pods().inNamespace("default").withLabel("app", "shop").list().getItems();
    assertEquals(3, pods.stream().map(pod -> pod.getSpec().getNodeName()).distinct().count());
  }
}
