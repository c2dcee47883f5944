package dev.shiplog.api.schema.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceCatalogue;
import org.junit.jupiter.api.Test;

final class DescriptionsTest {

  @Test
  void kindsAndFieldsSayWhatTheyMean() {
    OpenApi api = new OpenApi(ResourceCatalogue.builtIn(), "v1.36.0");
    JsonNode schemas =
        OpenApiDocument.tree(api.v3(new GroupVersion("apps", "v1")).orElseThrow())
            .at("/components/schemas");

    JsonNode deployment = schemas.path("io.k8s.api.apps.v1.Deployment");
    assertThat(deployment.path("description").asText()).isNotEmpty();
    assertThat(deployment.at("/properties/spec/$ref").asText()).endsWith("DeploymentSpec");
    assertThat(
            schemas
                .path("io.k8s.api.apps.v1.DeploymentSpec")
                .at("/properties/replicas/description")
                .asText())
        .contains("desired pods");
  }

  @Test
  void aFieldThatIsAnObjectSaysWhatThatIs() {
    OpenApi api = new OpenApi(ResourceCatalogue.builtIn(), "v1.36.0");
    JsonNode schemas =
        OpenApiDocument.tree(api.v3(new GroupVersion("", "v1")).orElseThrow())
            .at("/components/schemas");

    assertThat(schemas.at("/io.k8s.api.core.v1.PodSpec/properties/affinity/description").asText())
        .isEqualTo("Affinity is a group of affinity scheduling rules.");
  }

  @Test
  void kindsOfOneNameAreToldApartByTheirGroups() {
    Descriptions texts = Descriptions.builtIn();

    assertThat(texts.of("io.k8s.api.core.v1.EndpointPort", "port"))
        .isNotEqualTo(texts.of("io.k8s.api.discovery.v1.EndpointPort", "port"))
        .isNotEmpty();
  }
}
