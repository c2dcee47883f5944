package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A part of the API that another server serves, behind a Service. */
@QuarkusTest
@QuarkusTestResource(value = TlsFiles.class, restrictToAnnotatedClass = true)
class AggregationTest {

  private static final String SERVICES = "/api/v1/namespaces/default/services";
  private static final String SLICES =
      "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
  private static final String API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";
  private static final String NAME = "v1.metrics.example.com";
  private static final String GAUGES = "/apis/metrics.example.com/v1/namespaces/default/gauges";

  private static final String NAMESPACE_CONTROLLER =
      "system:serviceaccount:kube-system:namespace-controller";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;
  private RemoteServer extension;

  /** Namespaces whose dials were deleted. */
  private final List<String> emptied = new CopyOnWriteArrayList<>();

  @BeforeEach
  void register() {
    http = new RawHttp(server.getPort(), "admin-token");
    extension = RemoteServer.answering(this::answer);
    created(
        SERVICES,
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"gauges"},
         "spec":{"ports":[{"name":"https","port":443}]}}
        """);
    created(
        SLICES,
        """
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
         "metadata":{"name":"gauges","labels":{"kubernetes.io/service-name":"gauges"}},
         "endpoints":[{"addresses":["127.0.0.1"]}],"ports":[{"name":"https","port":%d}]}
        """
            .formatted(extension.port()));
    created(
        API_SERVICES,
        """
        {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService",
         "metadata":{"name":"%s"},
         "spec":{"group":"metrics.example.com","version":"v1","caBundle":"%s",
           "groupPriorityMinimum":100,"versionPriority":10,
           "service":{"namespace":"default","name":"gauges"}}}
        """
            .formatted(NAME, RemoteServer.authority()));
    await(API_SERVICES + "/" + NAME, reply -> reply.text().contains("all checks passed"));
  }

  @AfterEach
  void remove() {
    http.delete(API_SERVICES + "/" + NAME);
    http.delete(SLICES + "/gauges");
    http.delete(SERVICES + "/gauges");
    extension.close();
  }

  @Test
  void requestsAreHandedOnWithWhoSendsThem() {
    Reply read = http.get(GAUGES + "/a?pretty=1", "X-Remote-User", "somebody-else");
    assertThat(read.code()).as(read.text()).isEqualTo(200);
    assertThat(read.text())
        .contains("GET " + GAUGES + "/a?pretty=1", "user=admin", "groups=[system:masters")
        .contains("secret=null");
    Reply sent = http.post(GAUGES, "{\"kind\":\"Gauge\"}", "Content-Type", "application/json");
    assertThat(sent.code()).as(sent.text()).isEqualTo(201);
    assertThat(sent.text()).contains("POST", "{\"kind\":\"Gauge\"}");
  }

  @Test
  void whatItServesIsPartOfDiscovery() {
    assertThat(http.get("/apis").text()).contains("metrics.example.com/v1");
    assertThat(http.get("/apis/metrics.example.com").text())
        .contains("\"kind\":\"APIGroup\"", "preferredVersion", "metrics.example.com/v1");
    assertThat(http.get("/apis/metrics.example.com/v1").text()).contains("\"gauges\"");
    assertThat(
            http.get(
                    "/apis",
                    "Accept",
                    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
                .text())
        .contains("\"resource\":\"gauges\"", "\"subresource\":\"status\"");
    assertThat(http.get("/openapi/v3").text())
        .contains("/openapi/v3/apis/metrics.example.com/v1?hash=1");
    assertThat(http.get("/openapi/v3/apis/metrics.example.com/v1?hash=1").text())
        .contains("GET /openapi/v3/apis/metrics.example.com/v1?hash=1");
  }

  @Test
  void withoutItsServerItIsUnavailable() {
    http.delete(SLICES + "/gauges");
    await(API_SERVICES + "/" + NAME, reply -> reply.text().contains("MissingEndpoints"));
    Reply refused = http.get(GAUGES);
    assertThat(refused.code()).isEqualTo(503);
    assertThat(refused.json().path("reason").asText()).isEqualTo("ServiceUnavailable");
    assertThat(http.get("/api/v1/namespaces/default").code()).isEqualTo(200);
  }

  /** There is no field for a URL: a server outside of the cluster is behind a Service as well. */
  @Test
  void aServerOutsideIsReachedByTheNameOfItsService() {
    created(
        SERVICES,
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"outside"},
         "spec":{"type":"ExternalName","externalName":"localhost"}}
        """);
    http.delete(SLICES + "/gauges");
    await(API_SERVICES + "/" + NAME, reply -> reply.text().contains("MissingEndpoints"));
    JsonNode service = http.get(API_SERVICES + "/" + NAME).json();
    ((ObjectNode) service.at("/spec/service")).put("name", "outside").put("port", extension.port());
    AdmissionApi.made(http.put(API_SERVICES + "/" + NAME, service.toString()));

    // Its certificate is for NAME.NAMESPACE.svc, wherever the Service leads.
    await(API_SERVICES + "/" + NAME, reply -> reply.text().contains("all checks passed"));
    assertThat(http.get(GAUGES + "/a").text()).contains("GET " + GAUGES + "/a", "user=admin");
    http.delete(SERVICES + "/outside");
  }

  @Test
  void anEndingNamespaceIsEmptiedThere() {
    String namespace = endingNamespace("leaving");

    await(namespace, reply -> reply.code() == 404);

    assertThat(emptied).containsExactly("leaving by " + NAMESPACE_CONTROLLER);
  }

  @Test
  void anEndingNamespaceStaysWhileNobodyKnowsWhatIsThere() {
    http.delete(SLICES + "/gauges");
    await(API_SERVICES + "/" + NAME, reply -> reply.text().contains("MissingEndpoints"));
    String namespace = endingNamespace("stuck");

    Reply told = await(namespace, reply -> reply.text().contains("DiscoveryFailed"));
    assertThat(told.text())
        .contains(
            "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of"
                + " server APIs: metrics.example.com/v1: stale GroupVersion discovery:"
                + " metrics.example.com/v1");

    http.delete(API_SERVICES + "/" + NAME);
    await(namespace, reply -> reply.code() == 404);
  }

  /** Deletes a namespace, and says as the namespace controller does that it has emptied it. */
  private String endingNamespace(String name) {
    String path = "/api/v1/namespaces/" + name;
    created("/api/v1/namespaces", AdmissionApi.object("v1", "Namespace", name, ""));
    ObjectNode ending = (ObjectNode) http.delete(path).json();
    assertThat(ending.at("/spec/finalizers").toString())
        .isEqualTo("[\"kubernetes\",\"shiplog.dev/extensions\"]");
    ending.withObject("/spec").withArray("/finalizers").remove(0);
    AdmissionApi.made(http.put(path + "/finalize", ending.toString()));
    return path;
  }

  @Test
  void whatIsServedHereHasApiServicesThatAreAlwaysAvailable() {
    String apps = API_SERVICES + "/v1.apps";
    await(apps, reply -> reply.code() == 200);
    assertThat(http.get(apps).json().at("/status/conditions/0/message").asText())
        .isEqualTo("Local APIServices are always available");
    assertThat(http.get(API_SERVICES + "/v1.apiregistration.k8s.io").code()).isEqualTo(404);
    String table =
        http.get(API_SERVICES, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io").text();
    assertThat(table).contains("[\"v1.apps\",\"Local\",\"True\",");
  }

  @Test
  void aServedDefinitionHasAnApiServiceUntilItGoes() {
    String definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    created(
        definition,
        """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
         "metadata":{"name":"lamps.rooms.example.com"},
         "spec":{"group":"rooms.example.com","scope":"Namespaced",
           "names":{"plural":"lamps","singular":"lamp","kind":"Lamp","listKind":"LampList"},
           "versions":[{"name":"v1","served":true,"storage":true,
             "schema":{"openAPIV3Schema":{"type":"object"}}}]}}
        """);
    String lamps = API_SERVICES + "/v1.rooms.example.com";
    await(lamps, reply -> reply.code() == 200);
    assertThat(http.get(lamps).json().at("/spec").toString())
        .contains("\"groupPriorityMinimum\":1000,\"versionPriority\":100");
    http.delete(lamps);
    await(lamps, reply -> reply.code() == 200);
    http.delete(definition + "/lamps.rooms.example.com");
    await(lamps, reply -> reply.code() == 404);
  }

  @Test
  void aServiceIsReachedThroughTheProxy() {
    Reply read = http.get(SERVICES + "/https:gauges:https/proxy/any/path?x=y");
    assertThat(read.code()).as(read.text()).isEqualTo(200);
    assertThat(read.text()).contains("GET /any/path?x=y");
    Reply missing = http.get(SERVICES + "/nothing/proxy/");
    assertThat(missing.code()).isEqualTo(404);
  }

  private void answer(HttpServerRequest request) {
    String path = request.path();
    if (path.endsWith("/dials")) {
      answerAboutDials(request, path.split("/")[5]);
      return;
    }
    if (path.equals("/apis/metrics.example.com/v1")) {
      request
          .response()
          .end(
              """
              {"kind":"APIResourceList","groupVersion":"metrics.example.com/v1","resources":[
                {"name":"gauges","singularName":"gauge","namespaced":true,"kind":"Gauge",
                 "verbs":["get","list"]},
                {"name":"dials","singularName":"dial","namespaced":true,"kind":"Dial",
                 "verbs":["get","list","delete","deletecollection"]},
                {"name":"gauges/status","singularName":"","namespaced":true,"kind":"Gauge",
                 "verbs":["get"]}]}
              """);
    } else if (path.equals("/openapi/v3")) {
      request
          .response()
          .end(
              "{\"paths\":{\"apis/metrics.example.com/v1\":{\"serverRelativeURL\":"
                  + "\"/openapi/v3/apis/metrics.example.com/v1?hash=1\"}}}");
    } else {
      request
          .body()
          .onSuccess(body ->
              request
                  .response()
                  .setStatusCode(request.method().name().equals("POST") ? 201 : 200)
                  .end(
                      "%s %s user=%s groups=%s secret=%s %s"
                          .formatted(
                              request.method(),
                              request.uri(),
                              request.getHeader("X-Remote-User"),
                              request.headers().getAll("X-Remote-Group"),
                              request.getHeader("Authorization"),
                              body)));
    }
  }

  /** There is one in each namespace until they are deleted. */
  private void answerAboutDials(HttpServerRequest request, String namespace) {
    boolean there = emptied.stream().noneMatch(name -> name.startsWith(namespace + " "));
    if (request.method().equals(HttpMethod.DELETE)) {
      emptied.add(namespace + " by " + request.getHeader("X-Remote-User"));
    }
    request
        .response()
        .end("{\"items\":[%s]}".formatted(there ? "{\"metadata\":{\"name\":\"d\"}}" : ""));
  }

  private void created(String path, String object) {
    Reply made = http.post(path, object);
    assertThat(made.code()).as(made.text()).isEqualTo(201);
  }

  private Reply await(String path, Predicate<Reply> condition) {
    return new Definitions(http).await(path, condition);
  }
}
