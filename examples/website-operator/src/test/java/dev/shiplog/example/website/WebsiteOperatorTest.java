package dev.shiplog.example.website;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.shiplog.junit.ShiplogTest;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator with real controllers and a real scheduler, and pods that are simulated. */
@ShiplogTest(nodes = 3)
class WebsiteOperatorTest {

  private final KubernetesClient client;
  private Operator operator;

  WebsiteOperatorTest(KubernetesClient client) {
    this.client = client;
  }

  @BeforeEach
  void start() {
    InputStream definition = Website.class.getResourceAsStream("/websites.yaml");
    client.load(definition).serverSideApply();
    client
        .resources(CustomResourceDefinition.class)
        .withName("websites.example.com")
        .waitUntilCondition(WebsiteOperatorTest::isEstablished, 30, SECONDS);
    client.resource(namespace()).serverSideApply();
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
    awaitServers(2);

    client.resource(website(3)).serverSideApply();
    awaitServers(3);

    client.resource(website(3)).delete();
    client
        .pods()
        .inNamespace("websites")
        .informOnCondition(List::isEmpty)
        .orTimeout(30, SECONDS)
        .join();
  }

  private void awaitServers(int servers) {
    client
        .resource(website(servers))
        .waitUntilCondition(
            seen -> seen.getStatus() != null && seen.getStatus().available == servers, 30, SECONDS);
  }

  private static boolean isEstablished(CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(it -> it.getType().equals("Established") && it.getStatus().equals("True"));
  }

  private static Namespace namespace() {
    return new NamespaceBuilder().withNewMetadata().withName("websites").endMetadata().build();
  }

  private static Website website(int servers) {
    Website website = new Website();
    website.setMetadata(
        new ObjectMetaBuilder().withName("shop").withNamespace("websites").build());
    website.setSpec(new Website.Spec());
    website.getSpec().servers = servers;
    return website;
  }
}
