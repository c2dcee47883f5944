package dev.shiplog.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Somebody who tests a scheduler of their own leaves ours out. */
@ShiplogTest(without = "scheduler,agent", alone = true)
final class WithoutPartsTest {

  @Test
  void podsAreMadeAndWaitForSomebodyToPlaceThem(KubernetesClient client) {
    client.resource(ShiplogTestTest.deployment("waiting", 2)).create();

    await().atMost(Duration.ofSeconds(60)).until(() -> pods(client).size() == 2);
    assertThat(pods(client)).allMatch(ShiplogTestTest::isUnscheduled);
    assertThat(client.nodes().list().getItems()).isEmpty();
  }

  private static List<Pod> pods(KubernetesClient client) {
    return client.pods().inNamespace("default").list().getItems();
  }
}
