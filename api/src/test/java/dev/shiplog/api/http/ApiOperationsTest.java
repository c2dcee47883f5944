package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.shiplog.api.http.RawHttp.Reply;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.validation.Manifests;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The operations of the API, as the public conformance tests try them kind by kind: an object is
 * made, read, listed, watched, patched, updated, its status patched, deleted, and the rest deleted
 * as a collection.
 */
@QuarkusTest
class ApiOperationsTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String SELECTED = "?labelSelector=operations%3Dtried";
  private static final String SWAGGER_MESSAGE =
      "application/com.github.proto-openapi.spec.v2@v1.0+protobuf, application/json;q=0.5";
  private static final String MERGE = "application/merge-patch+json";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;

  @Test
  void everyKindThatIsStoredSupportsThem() throws IOException {
    http = new RawHttp(server.getPort(), "admin-token");
    // Pods are admitted with the account that a controller would have made.
    http.post(
        "/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    for (List<String> usual : Manifests.cases("usual.txt")) {
      try {
        new Kind(usual.get(0), usual.get(1)).isTried();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(usual.get(0), e);
      }
    }
  }

  @Test
  void everyKindThatIsStoredIsAmongThem() throws IOException {
    List<String> tried = Manifests.cases("usual.txt").stream().map(c -> c.get(0)).toList();
    Stream<String> stored =
        ResourceCatalogue.builtIn().all().stream()
            .filter(type -> type.storage().isPresent())
            // Its operations are those of CustomResourcesTest and AggregationTest.
            .filter(type ->
                !List.of("apiextensions.k8s.io", "apiregistration.k8s.io").contains(type.group()))
            .filter(type -> !type.group().equals("certificates.k8s.io"))
            .map(type -> type.apiVersion() + "/" + type.plural());

    assertThat(tried).containsAll(stored.toList());
  }

  @Test
  void anEventOfTheNewerApiSaysWhoReportsItAndOnlyItsSeriesChanges() {
    http = new RawHttp(server.getPort(), "admin-token");
    String events = "/apis/events.k8s.io/v1/namespaces/default/events";
    String event =
        """
        {"metadata":{"name":"told"},"eventTime":"2026-01-01T00:00:00.000000Z","reason":"Because",
         "action":"Did","type":"Normal","regarding":{"kind":"Pod","namespace":"default"},
         "reportingController":"example.org/c","reportingInstance":"c-0"}\
        """;

    assertThat(http.post(events, event.replace("example.org/c", "")).text())
        .contains("reportingController: Required value");
    assertThat(http.post(events, event.replace("Normal", "Odd")).text())
        .contains("type: Invalid value");
    assertThat(
            http.post(events, event.replace("\"eventTime\":\"2026-01-01T00:00:00.000000Z\",", ""))
                .text())
        .contains("eventTime: Required value");
    assertThat(http.post(events, event).code()).isEqualTo(201);
    assertThat(change(events + "/told", "{\"reason\":\"Other\"}").text())
        .contains("reason: Invalid value", "field is immutable");
    Reply again =
        change(
            events + "/told",
            "{\"series\":{\"count\":2,\"lastObservedTime\":\"2026-01-01T00:00:01.000000Z\"}}");
    assertThat(again.code()).as(again.text()).isEqualTo(200);
  }

  @Test
  void deprecationsAndDoubtsAreToldInWarnings() {
    http = new RawHttp(server.getPort(), "admin-token");

    assertThat(http.get("/api/v1/namespaces/default/endpoints").header("Warning"))
        .contains("use discovery.k8s.io/v1 EndpointSlice");
    Reply made =
        http.post(
            "/apis/apps/v1/namespaces/default/deployments?dryRun=All",
            """
            {"metadata":{"name":"doubtful"},"spec":{"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[
              {"name":"c","image":"i","env":[{"name":"A","value":"1"},{"name":"A","value":"2"}]}]}}}}\
            """);
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    assertThat(made.header("Warning"))
        .contains(
            "spec.template.spec.containers[0].env[1]: hides previous definition of \\\"A\\\"");
  }

  @Test
  void componentStatusesAreDeprecatedAndStillAnswered() {
    http = new RawHttp(server.getPort(), "admin-token");

    Reply list = http.get("/api/v1/componentstatuses");
    Reply one = http.get("/api/v1/componentstatuses/journal");
    Reply table =
        http.get(
            "/api/v1/componentstatuses", "Accept", "application/json;as=Table;g=meta.k8s.io;v=v1");

    assertThat(list.header("Warning")).contains("v1 ComponentStatus is deprecated in v1.19+");
    assertThat(list.json().path("kind").asText()).isEqualTo("ComponentStatusList");
    assertThat(one.json().at("/conditions/0/type").asText()).isEqualTo("Healthy");
    assertThat(one.json().at("/conditions/0/status").asText()).isEqualTo("True");
    assertThat(table.json().at("/rows/0/cells/1").asText()).isEqualTo("Healthy");
    assertThat(http.get("/api/v1/componentstatuses/none").code()).isEqualTo(404);
    assertThat(http.get("/api/v1/componentstatuses?watch=true").code()).isEqualTo(405);
  }

  @Test
  void extensionServersReadWhomTheyMayBelieve() {
    http = new RawHttp(server.getPort(), "admin-token");

    Reply trust =
        http.get("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication");

    assertThat(trust.code()).isEqualTo(200);
    assertThat(http.get("/openapi/v2", "Accept", SWAGGER_MESSAGE).header("Content-Type"))
        .isEqualTo("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
  }

  private Reply change(String path, String patch) {
    return http.send("PATCH", path, patch, "Content-Type", MERGE);
  }

  /** One kind's objects at work. */
  private final class Kind {
    private final ResourceType type;
    private final String manifest;
    private final String base;
    private String revision = "";

    Kind(String path, String manifest) {
      this.type = Manifests.resource(path);
      this.manifest = manifest;
      String place = type.namespaced() ? "/namespaces/default" : "";
      String root = type.group().isEmpty() ? "/api/" : "/apis/";
      this.base = root + type.apiVersion() + place + "/" + type.plural();
    }

    private ObjectNode object(int number) {
      ObjectNode object = read(manifest.replace("IP}", "192.168.3." + number + "}"));
      ObjectNode metadata = object.withObject("/metadata");
      if (!metadata.has("name")) {
        metadata.put("name", "operations-" + number);
      }
      metadata.putObject("labels").put("operations", "tried");
      return object;
    }

    void isTried() {
      String first = made(1);
      made(2);
      assertThat(ok(http.get(first)).path("kind").asText()).isEqualTo(type.kind());
      listed();
      patched(first);
      updated(first);
      watched();
      if (type.subresources().containsKey("status")) {
        statusPatched(first);
      }
      deleted(first);
    }

    private String made(int number) {
      ObjectNode object = object(number);
      JsonNode made = ok(http.post(base, object.toString()));
      assertThat(made.at("/metadata/uid").asText()).isNotEmpty();
      return base + "/" + object.at("/metadata/name").asText();
    }

    private void listed() {
      JsonNode list = ok(http.get(base + SELECTED));
      assertThat(list.path("items")).hasSize(2);
      revision = list.at("/metadata/resourceVersion").asText();
      assertThat(ok(http.get(base.replace("/namespaces/default", "") + SELECTED)).path("items"))
          .hasSize(2);
    }

    private void patched(String path) {
      JsonNode patched =
          ok(
              http.send(
                  "PATCH",
                  path,
                  "{\"metadata\":{\"annotations\":{\"patched\":\"true\"}}}",
                  "Content-Type",
                  MERGE));
      assertThat(patched.at("/metadata/annotations/patched").asText()).isEqualTo("true");
    }

    private void updated(String path) {
      ObjectNode object = (ObjectNode) ok(http.get(path));
      object.withObject("/metadata/annotations").put("updated", "true");
      JsonNode updated = ok(http.put(path, object.toString()));
      assertThat(updated.at("/metadata/annotations/updated").asText()).isEqualTo("true");
      assertThat(http.put(path, object.toString()).code()).isEqualTo(409);
    }

    /** Policies are changed meanwhile by the server itself, which tells what their types are. */
    private void watched() {
      String watch = base + SELECTED + "&watch=true&timeoutSeconds=30&resourceVersion=" + revision;
      try (Stream<String> lines = http.lines(watch)) {
        JsonNode event =
            lines
                .map(ApiOperationsTest::read)
                .filter(each -> each.at("/object/metadata/annotations").has("patched"))
                .findFirst()
                .orElseThrow();
        assertThat(event.path("type").asText()).isEqualTo("MODIFIED");
        assertThat(event.at("/object/metadata/annotations/patched").asText()).isEqualTo("true");
      }
    }

    private void statusPatched(String path) {
      JsonNode patched =
          ok(
              http.send(
                  "PATCH",
                  path + "/status",
                  "{\"metadata\":{\"annotations\":{\"patchedstatus\":\"true\"}},\"status\":{}}",
                  "Content-Type",
                  MERGE));
      assertThat(patched.at("/metadata/annotations/patchedstatus").asText()).isEqualTo("true");
      assertThat(ok(http.get(path + "/status")).at("/metadata/annotations/patchedstatus").asText())
          .isEqualTo("true");
    }

    private void deleted(String path) {
      ok(http.delete(path));
      Reply gone = http.get(path);
      boolean going = gone.code() == 200 && gone.json().at("/metadata").has("deletionTimestamp");
      assertThat(going || gone.code() == 404).as(gone.text()).isTrue();
      if (!type.verbs().contains("deletecollection")) {
        ok(http.delete(path.replace("-1", "-2")));
        return;
      }
      ok(http.delete(base + SELECTED));
      ok(http.get(base + SELECTED))
          .path("items")
          .forEach(item -> assertThat(item.path("metadata").has("deletionTimestamp")).isTrue());
    }

    private JsonNode ok(Reply reply) {
      assertThat(reply.code()).as(reply.text()).isBetween(200, 202);
      return reply.json();
    }
  }

  private static ObjectNode read(String text) {
    try {
      return (ObjectNode) YAML.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }
}
