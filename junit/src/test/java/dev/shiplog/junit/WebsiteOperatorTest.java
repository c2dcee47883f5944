package dev.shiplog.junit;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How an operator is tested: against real controllers, a real scheduler and simulated pods. */
@ShiplogTest(nodes = 2)
final class WebsiteOperatorTest {

  private static final String NAMESPACE = "websites";

  private final KubernetesClient client;
  private Operator operator;

  WebsiteOperatorTest(KubernetesClient client) {
    this.client = client;
  }

  @BeforeEach
  void start() {
    client.load(WebsiteOperatorTest.class.getResourceAsStream("/websites.yaml")).create();
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("websites.example.com")
        .waitUntilCondition(
            crd ->
                crd != null
                    && crd.getStatus() != null
                    && crd.getStatus().getConditions().stream()
                        .anyMatch(
                            c -> c.getType().equals("Established") && c.getStatus().equals("True")),
            60,
            TimeUnit.SECONDS);
    client
        .resource(
            new NamespaceBuilder()
                .withMetadata(new ObjectMetaBuilder().withName(NAMESPACE).build())
                .build())
        .create();
    operator = new Operator(settings -> settings.withKubernetesClient(client));
    operator.register(new WebsiteOperator());
    operator.start();
  }

  @AfterEach
  void stop() {
    operator.stop();
  }

  @Test
  void aWebsiteHasAsManyServersAsItAsksFor() {
    client.resource(website(2)).serverSideApply();
    eventually(() -> Integer.valueOf(2).equals(available()));

    client.resource(website(3)).serverSideApply();
    eventually(() -> Integer.valueOf(3).equals(available()));

    client.resource(website(3)).delete();
    eventually(() -> client.pods().inNamespace(NAMESPACE).list().getItems().isEmpty());
  }

  private Integer available() {
    Website seen = client.resources(Website.class).inNamespace(NAMESPACE).withName("shop").get();
    return seen.getStatus() == null ? null : seen.getStatus().available;
  }

  private static void eventually(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(60)).until(condition);
  }

  private static Website website(int servers) {
    Website website = new Website();
    website.setMetadata(new ObjectMetaBuilder().withName("shop").withNamespace(NAMESPACE).build());
    website.setSpec(new Website.Spec());
    website.getSpec().servers = servers;
    return website;
  }
}
