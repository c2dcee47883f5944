package dev.shiplog.api.schema.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceCatalogue;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenApiTest {

  private static final GroupVersion APPS = new GroupVersion("apps", "v1");
  private static final String DEPLOYMENT = "io.k8s.api.apps.v1.Deployment";

  private final OpenApi openApi = new OpenApi(ResourceCatalogue.builtIn(), "v1.36.0");

  @Test
  void theIndexNamesEveryGroupVersionWithItsHash() throws IOException {
    JsonNode paths = tree(openApi.v3Index()).get("paths");

    assertThat(paths.has("api/v1")).isTrue();
    assertThat(paths.has("apis/rbac.authorization.k8s.io/v1")).isTrue();
    assertThat(paths.at("/apis~1apps~1v1/serverRelativeURL").textValue())
        .isEqualTo("/openapi/v3/apis/apps/v1?hash=" + openApi.v3(APPS).orElseThrow().hash());
  }

  @Test
  void whatIsNotServedHasNoDocument() {
    assertThat(openApi.v3(new GroupVersion("apps", "v1beta1"))).isEmpty();
  }

  @Test
  void twoServersPublishTheSame() {
    OpenApi other = new OpenApi(ResourceCatalogue.builtIn(), "v1.36.0");

    assertThat(other.v2().hash()).isEqualTo(openApi.v2().hash());
    assertThat(other.v3Index().hash()).isEqualTo(openApi.v3Index().hash());
  }

  /** What kubectl goes by to explain a resource. */
  @Test
  void aPathLeadsToTheSchemaOfItsKind() throws IOException {
    JsonNode document = tree(openApi.v3(APPS).orElseThrow());

    assertThat(
            document.at(
                "/paths/~1apis~1apps~1v1~1namespaces~1{namespace}~1deployments"
                    + "/get/x-kubernetes-group-version-kind"))
        .hasToString("{\"group\":\"apps\",\"version\":\"v1\",\"kind\":\"Deployment\"}");
    assertThat(schema(document, DEPLOYMENT).at("/x-kubernetes-group-version-kind/0"))
        .hasToString("{\"group\":\"apps\",\"version\":\"v1\",\"kind\":\"Deployment\"}");
  }

  /** What kubectl goes by to let the server validate and to run dry. */
  @Test
  void aPatchSaysThatItValidatesFieldsAndRunsDry() throws IOException {
    JsonNode patch =
        tree(openApi.v3(APPS).orElseThrow())
            .at("/paths/~1apis~1apps~1v1~1namespaces~1{namespace}~1deployments~1{name}/patch");

    assertThat(patch.get("parameters"))
        .extracting(p -> p.get("name").textValue())
        .contains("fieldValidation", "dryRun", "fieldManager");
    assertThat(patch.at("/requestBody/content").properties())
        .extracting(e -> e.getKey())
        .contains("application/strategic-merge-patch+json");
  }

  @Test
  void fieldsHaveDefaultsAndMergeKeys() throws IOException {
    JsonNode document = tree(openApi.v3(APPS).orElseThrow());
    JsonNode containers =
        schema(document, "io.k8s.api.core.v1.PodSpec").at("/properties/containers");
    JsonNode protocol =
        schema(document, "io.k8s.api.core.v1.ContainerPort").at("/properties/protocol");

    assertThat(containers.get("x-kubernetes-patch-merge-key").textValue()).isEqualTo("name");
    assertThat(containers.get("x-kubernetes-patch-strategy").textValue()).isEqualTo("merge");
    assertThat(containers.get("x-kubernetes-list-map-keys")).hasToString("[\"name\"]");
    assertThat(protocol.get("default").textValue()).isEqualTo("TCP");
    JsonNode spec = schema(document, DEPLOYMENT).at("/properties/spec");
    assertThat(spec.get("$ref").textValue()).endsWith("io.k8s.api.apps.v1.DeploymentSpec");
    assertThat(spec.get("default")).hasToString("{}");
  }

  @Test
  void oneValueMayHaveTwoForms() throws IOException {
    JsonNode document = tree(openApi.v3(APPS).orElseThrow());

    assertThat(schema(document, "io.k8s.apimachinery.pkg.util.intstr.IntOrString"))
        .hasToString(
            "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}],"
                + "\"format\":\"int-or-string\"}");
    assertThat(
            tree(openApi.v2()).at("/definitions/io.k8s.apimachinery.pkg.util.intstr.IntOrString"))
        .hasToString("{\"type\":\"string\",\"format\":\"int-or-string\"}");
  }

  @Test
  void everyReferenceLeadsSomewhere() throws IOException {
    for (GroupVersion groupVersion : List.of(new GroupVersion("", "v1"), APPS)) {
      JsonNode document = tree(openApi.v3(groupVersion).orElseThrow());
      Set<String> missing = references(document, "#/components/schemas/");
      document.at("/components/schemas").fieldNames().forEachRemaining(missing::remove);
      assertThat(missing).isEmpty();
    }
    JsonNode document = tree(openApi.v2());
    Set<String> missing = references(document, "#/definitions/");
    document.get("definitions").fieldNames().forEachRemaining(missing::remove);
    assertThat(missing).isEmpty();
  }

  @Test
  void everyOperationHasAnIdOfItsOwn() throws IOException {
    List<JsonNode> ids = tree(openApi.v2()).findValues("operationId");

    assertThat(ids).hasSizeGreaterThan(500).doesNotHaveDuplicates();
  }

  @Test
  void everyResourceHasAPathInTheSwaggerDocument() throws IOException {
    JsonNode paths = tree(openApi.v2()).get("paths");

    assertThat(ResourceCatalogue.builtIn().all())
        .allSatisfy(type ->
            assertThat(paths.fieldNames())
                .toIterable()
                .anyMatch(p -> p.contains(type.apiVersion()) && p.endsWith(type.plural())));
  }

  private static Set<String> references(JsonNode document, String prefix) {
    Set<String> found = new HashSet<>();
    // A schema has a field of that name itself, which is an object.
    document.findValues("$ref").stream()
        .filter(JsonNode::isTextual)
        .forEach(r -> {
          assertThat(r.textValue()).startsWith(prefix);
          found.add(r.textValue().substring(prefix.length()));
        });
    return found;
  }

  private static JsonNode schema(JsonNode document, String name) {
    return document.path("components").path("schemas").path(name);
  }

  private static JsonNode tree(OpenApiDocument document) throws IOException {
    return new ObjectMapper().readTree(document.bytes());
  }
}
