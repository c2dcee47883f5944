package dev.shiplog.api.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceCatalogue;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

final class DiscoveryTest {

  private final ResourceCatalogue catalogue = ResourceCatalogue.builtIn();
  private final Discovery discovery = new Discovery(catalogue);
  private final AggregatedDiscovery aggregated = new AggregatedDiscovery(catalogue);

  @Test
  void theCoreGroupIsListedByItsVersionsAlone() {
    ObjectNode core = discovery.coreVersions("127.0.0.1:6443");
    assertThat(core.at("/versions/0").asText()).isEqualTo("v1");
    assertThat(core.at("/serverAddressByClientCIDRs/0/serverAddress").asText())
        .isEqualTo("127.0.0.1:6443");
  }

  @Test
  void everyOtherGroupNamesItsPreferredVersion() {
    JsonNode autoscaling = named(discovery.groups().at("/groups"), "name", "autoscaling");
    assertThat(autoscaling.at("/preferredVersion/groupVersion").asText())
        .isEqualTo("autoscaling/v2");
    assertThat(autoscaling.at("/versions")).hasSize(2);
    assertThat(discovery.groups().at("/groups"))
        .noneMatch(group -> group.at("/name").asText().isEmpty());
  }

  @Test
  void aGroupThatIsNotServedIsUnknown() {
    assertThat(discovery.group("nothing.example.com")).isEmpty();
    assertThat(discovery.group("")).isEmpty();
    assertThat(discovery.group("apps")).isPresent();
  }

  @Test
  void aVersionListsResourcesAndTheirSubresources() {
    JsonNode resources =
        discovery.resources(new GroupVersion("apps", "v1")).orElseThrow().at("/resources");
    JsonNode deployments = named(resources, "name", "deployments");
    assertThat(deployments.at("/kind").asText()).isEqualTo("Deployment");
    assertThat(deployments.at("/namespaced").asBoolean()).isTrue();
    assertThat(deployments.at("/shortNames/0").asText()).isEqualTo("deploy");
    assertThat(texts(deployments.at("/verbs"))).contains("list", "watch", "patch");
    JsonNode scale = named(resources, "name", "deployments/scale");
    assertThat(scale.at("/kind").asText()).isEqualTo("Scale");
    assertThat(scale.at("/group").asText()).isEqualTo("autoscaling");
  }

  @Test
  void aVersionThatIsNotServedIsUnknown() {
    assertThat(discovery.resources(new GroupVersion("apps", "v1beta1"))).isEmpty();
  }

  @Test
  void theAggregatedDocumentHoldsTheSameResources() {
    JsonNode apps = named(aggregated.others().at("/items"), "/metadata/name", "apps");
    JsonNode deployments = named(apps.at("/versions/0/resources"), "resource", "deployments");
    assertThat(deployments.at("/responseKind/kind").asText()).isEqualTo("Deployment");
    assertThat(deployments.at("/scope").asText()).isEqualTo("Namespaced");
    JsonNode scale = named(deployments.at("/subresources"), "subresource", "scale");
    assertThat(scale.at("/responseKind/group").asText()).isEqualTo("autoscaling");
    assertThat(apps.at("/versions/0/freshness").asText()).isEqualTo("Current");
  }

  @Test
  void theAggregatedDocumentOfTheCoreGroupHoldsItAlone() {
    assertThat(aggregated.core().at("/items")).hasSize(1);
    JsonNode nodes =
        named(aggregated.core().at("/items/0/versions/0/resources"), "resource", "nodes");
    assertThat(nodes.at("/scope").asText()).isEqualTo("Cluster");
  }

  @Test
  void theVersionIsThatOfTheServedTypes() {
    assertThat(ServerVersion.document().at("/minor").asText()).isEqualTo("36");
    assertThat(ServerVersion.document().at("/gitVersion").asText()).startsWith("v1.36.4+shiplog-");
  }

  @Test
  void theRootNamesEveryGroupVersion() {
    assertThat(texts(RootPaths.document(catalogue).at("/paths")))
        .contains("/api/v1", "/apis/apps/v1", "/apis/batch", "/readyz", "/openapi/v3");
  }

  private static JsonNode named(JsonNode array, String field, String value) {
    String pointer = field.startsWith("/") ? field : "/" + field;
    return StreamSupport.stream(array.spliterator(), false)
        .filter(node -> node.at(pointer).asText().equals(value))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + value + " in " + array));
  }

  private static java.util.List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
