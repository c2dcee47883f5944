package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Usage of a node and of its pod, told by an agent that speaks as a kubelet does. */
@QuarkusTest
@QuarkusTestResource(value = TlsFiles.class, restrictToAnnotatedClass = true)
class MetricsTest {

  private static final String METRICS = "/apis/metrics.k8s.io/v1beta1";
  private static final String PODS = METRICS + "/namespaces/default/pods";

  @TestHTTPResource("/")
  URI server;

  private final Vertx vertx = Vertx.vertx();
  private RawHttp http;
  private String uid;

  @BeforeEach
  void runAPodOnANode() {
    http = new RawHttp(server.getPort(), "admin-token");
    HttpServer node =
        now(
            vertx
                .createHttpServer(
                    new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(
                            new PemKeyCertOptions()
                                .setCertPath(TlsFiles.file("server.crt").toString())
                                .setKeyPath(TlsFiles.file("server.key").toString()))
                        .setTrustOptions(
                            new PemTrustOptions().addCertPath(TlsFiles.file("ca.crt").toString()))
                        .setClientAuth(ClientAuth.REQUIRED))
                .requestHandler(this::serve)
                .listen(0, "127.0.0.1"));
    http.post(
        "/api/v1/nodes",
        "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"west\","
            + "\"labels\":{\"zone\":\"a\"}}}");
    http.post(
        "/api/v1/namespaces/default/serviceaccounts",
        "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"default\"}}");
    Reply pod =
        http.post(
            "/api/v1/namespaces/default/pods",
            """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"meter","labels":{"app":"meter"}},
             "spec":{"nodeName":"west","containers":[{"name":"main","image":"a"}]}}
            """);
    uid = pod.text().replaceAll("(?s).*\"uid\":\"([^\"]+)\".*", "$1");
    patch("/api/v1/namespaces/default/pods/meter", "{\"status\":{\"phase\":\"Running\"}}");
    patch(
        "/api/v1/nodes/west",
        """
        {"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],
         "daemonEndpoints":{"kubeletEndpoint":{"Port":%d}}}}
        """
            .formatted(node.actualPort()));
  }

  @AfterEach
  void close() {
    http.delete("/api/v1/namespaces/default/pods/meter?gracePeriodSeconds=0");
    http.delete("/api/v1/nodes/west");
    now(vertx.close());
  }

  @Test
  void whatItServesIsPartOfDiscovery() {
    assertThat(http.get("/apis").text()).contains("metrics.k8s.io/v1beta1");
    assertThat(http.get(METRICS).text()).contains("NodeMetrics", "PodMetrics");
  }

  @Test
  void nodesAreToldWithTheirLabels() {
    assertThat(http.get(METRICS + "/nodes?labelSelector=zone%3Da").text())
        .contains(
            "NodeMetricsList",
            "\"name\":\"west\"",
            "\"zone\":\"a\"",
            "\"usage\":{\"cpu\":\"250000000n\",\"memory\":\"1024Ki\"}");
    assertThat(http.get(METRICS + "/nodes/west").text()).contains("\"kind\":\"NodeMetrics\"");
    assertThat(http.get(METRICS + "/nodes?labelSelector=zone%3Db").text()).contains("\"items\":[]");
  }

  @Test
  void podsAreToldWithEachOfTheirContainers() {
    assertThat(http.get(PODS + "?labelSelector=app%3Dmeter").text())
        .contains(
            "PodMetricsList",
            "\"name\":\"meter\"",
            "\"containers\":[{\"name\":\"main\",\"usage\":{\"cpu\":\"7000000n\","
                + "\"memory\":\"16Ki\"}}]");
    assertThat(http.get(METRICS + "/pods").text()).contains("\"name\":\"meter\"");
    assertThat(http.get(PODS + "/meter").text()).contains("\"kind\":\"PodMetrics\"");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThat(http.get(PODS + "/nobody").code()).isEqualTo(404);
    assertThat(http.get(METRICS + "/nodes/nowhere").code()).isEqualTo(404);
    assertThat(http.get(METRICS + "/gauges").code()).isEqualTo(404);
  }

  @Test
  void usageIsOnlyRead() {
    assertThat(http.delete(METRICS + "/nodes/west").code()).isEqualTo(405);
    assertThat(http.get(METRICS + "/nodes?watch=true").code()).isEqualTo(405);
  }

  @Test
  void aNodeThatDoesNotAnswerIsLeftOut() {
    Reply created =
        http.post(
            "/api/v1/nodes",
            """
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"lost"},
             "status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],
              "daemonEndpoints":{"kubeletEndpoint":{"Port":1}}}}
            """);
    assertThat(created.code()).isEqualTo(201);

    Reply listed = http.get(METRICS + "/nodes");

    assertThat(listed.code()).isEqualTo(200);
    assertThat(listed.text()).doesNotContain("\"name\":\"lost\"");
    http.delete("/api/v1/nodes/lost");
  }

  private void patch(String path, String body) {
    Reply reply =
        http.send("PATCH", path + "/status", body, "Content-Type", "application/merge-patch+json");
    assertThat(reply.code()).as(reply.text()).isEqualTo(200);
  }

  private void serve(HttpServerRequest request) {
    if (!request.uri().equals("/stats/summary?node=west")) {
      request.response().setStatusCode(404).end();
      return;
    }
    request
        .response()
        .end(
            """
            {"node":{"nodeName":"west",
              "cpu":{"time":"2026-01-01T00:00:00.5Z","usageNanoCores":250000000},
              "memory":{"workingSetBytes":1048576}},
             "pods":[{"podRef":{"uid":"%s"},
              "cpu":{"time":"2026-01-01T00:00:00Z","usageNanoCores":7000000},
              "containers":[{"name":"main","cpu":{"usageNanoCores":7000000},
               "memory":{"workingSetBytes":16384}}]}]}
            """
                .formatted(uid));
  }

  private static <T> T now(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
