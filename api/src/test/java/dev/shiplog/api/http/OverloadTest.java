package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
class OverloadTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
  }

  @Test
  void everyClusterHasTheUsualFlowSchemasAndLevels() {
    String group = "/apis/flowcontrol.apiserver.k8s.io/v1/";

    assertThat(http.get(group + "flowschemas").json().path("items")).hasSize(13);
    assertThat(http.get(group + "prioritylevelconfigurations").json().path("items")).hasSize(8);
  }

  @Test
  void aSchemaSaysWhetherItsLevelExists() {
    String group = "flowcontrol.apiserver.k8s.io/v1";
    String schema = "/apis/" + group + "/flowschemas";
    String level = "/apis/" + group + "/prioritylevelconfigurations";

    made(
        schema,
        AdmissionApi.object(
            group, "FlowSchema", "early", "'spec':{'priorityLevelConfiguration':{'name':'late'}}"));
    awaitDangling(schema + "/early", "True");
    made(
        level,
        AdmissionApi.object(
            group,
            "PriorityLevelConfiguration",
            "late",
            "'spec':{'type':'Limited','limited':{'limitResponse':{'type':'Reject'}}}"));
    awaitDangling(schema + "/early", "False");

    http.delete(schema + "/early");
    http.delete(level + "/late");
  }

  private void made(String path, String object) {
    Reply reply = http.post(path, object);
    assertThat(reply.code()).as(reply.json().toString()).isEqualTo(201);
  }

  private void awaitDangling(String schema, String status) {
    await()
        .untilAsserted(() ->
            assertThat(http.get(schema).json().path("status").toString())
                .contains("\"type\":\"Dangling\"", "\"status\":\"" + status + "\""));
  }

  @Test
  void anAnswerNamesTheSchemaThatSortedTheRequest() {
    Reply reply = http.get(MAPS);

    assertThat(reply.header("X-Kubernetes-PF-FlowSchema-UID")).isNotEmpty();
    assertThat(reply.header("X-Kubernetes-PF-PriorityLevel-UID")).isNotEmpty();
  }

  @Test
  void aPackedBodyIsNotUnpacked() {
    Reply reply = http.post(MAPS, "xx", "Content-Encoding", "gzip");

    assertThat(reply.code()).isEqualTo(415);
  }

  @Test
  void aBodyBeyondTheLimitIsRefused() {
    String large = "x".repeat(BodyReader.LIMIT);

    Reply reply =
        http.post(
            MAPS, AdmissionApi.object("v1", "ConfigMap", "a", "'data':{'a':'" + large + "'}"));

    assertThat(reply.code()).isEqualTo(413);
  }

  @Test
  void whatIsNestedTooDeepIsRefused() {
    String deep = "[".repeat(2000) + "]".repeat(2000);

    Reply reply =
        http.post(MAPS, "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"data\":" + deep + "}");

    assertThat(reply.code()).isEqualTo(400);
  }

  /** Each level has the one below ten times. */
  private static final String LEVELS = levels();

  private static String levels() {
    StringBuilder text = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 9; i++) {
      text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(10)));
    }
    return text.toString();
  }

  private static String nested() {
    StringBuilder text = new StringBuilder("a0: &a0 " + "[".repeat(400) + "]".repeat(400) + "\n");
    for (int i = 1; i < 90; i++) {
      text.append("a%d: &a%d %s*a%d%s\n".formatted(i, i, "[".repeat(400), i - 1, "]".repeat(400)));
    }
    return text.toString();
  }

  static List<String> bombs() {
    return List.of(
        LEVELS,
        LEVELS + "? *a8\n: x\n",
        LEVELS + "? [*a8]\n: x\n",
        LEVELS + "s: !!set {? *a8}\n",
        LEVELS + "s: !!omap [? *a8 : x]\n",
        nested(),
        "a: &a [*a]\n",
        "a: &a {b: *a}\n",
        "a: &a {? *a : b}\n",
        "a: " + "[".repeat(2000) + "]".repeat(2000));
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void yamlThatStandsForTooMuchIsRefused(String bomb) {
    for (String mediaType : List.of("application/yaml", "application/apply-patch+yaml")) {
      boolean apply = mediaType.contains("apply");

      Reply reply =
          http.send(
              apply ? "PATCH" : "POST",
              apply ? MAPS + "/a?fieldManager=x" : MAPS,
              bomb,
              "Content-Type",
              mediaType);

      assertThat(reply.code()).as(reply.text()).isEqualTo(400);
    }
  }

  @Test
  void aSelectorBeyondTheLimitIsRefused() {
    Reply reply = http.get(MAPS + "?labelSelector=" + "a%20in%20(" + "b,".repeat(17_000) + "b)");

    // By this server, or already by the limit on the line it stands in.
    assertThat(reply.code()).isIn(400, 414);
  }

  @Test
  void aRuleThatWouldGoRoundForeverIsRefusedWithItsDefinition() {
    String lists = "[" + "0,".repeat(99) + "0]";
    String endless =
        "%1$s.all(a, %1$s.all(b, %1$s.all(c, %1$s.all(d, %1$s.all(e, true)))))".formatted(lists);
    String definition =
        """
        {"metadata":{"name":"loops.example.com"},"spec":{"group":"example.com","scope":"Cluster",
         "names":{"plural":"loops","singular":"loop","kind":"Loop"},
         "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":
          {"type":"object","x-kubernetes-validations":[{"rule":"%s"}]}}}]}}\
        """
            .formatted(endless);
    Reply reply = http.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);

    assertThat(reply.code()).isEqualTo(422);
    assertThat(reply.text())
        .contains("spec.validation.openAPIV3Schema.x-kubernetes-validations[0].rule")
        .contains("estimated rule cost exceeds budget");
  }

  @Test
  void oneClientThatHoldsItsSeatsGetsNoMoreAndDelaysNobody() throws Exception {
    try (Flood flood = Flood.by("user-token", "jane", server.getPort(), http)) {
      flood.holdSeats(40);

      Reply refused = flood.awaitRefusal(MAPS);

      assertThat(refused.code()).isEqualTo(429);
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(refused.json().path("reason").asText()).isEqualTo("TooManyRequests");
      for (int i = 0; i < 20; i++) {
        assertThat(http.get(MAPS).code()).isEqualTo(200);
        assertThat(flood.other().get(MAPS).code()).isEqualTo(200);
      }
      assertThat(new RawHttp(server.getPort(), "").get("/readyz").code()).isEqualTo(200);
    }
  }

  @Test
  void aBodyThatDoesNotComeHoldsNoSeat() throws Exception {
    try (Flood flood = Flood.by("user-token", "jane", server.getPort(), http)) {
      flood.beginBodies(100);

      for (int i = 0; i < 20; i++) {
        assertThat(flood.user().get(MAPS).code()).isEqualTo(200);
      }
    }
  }
}
