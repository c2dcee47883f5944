package dev.shiplog.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.shiplog.agent.runtime.PodIdentity;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Fabric8ClusterClientTest {

  private static final PodIdentity POD = new PodIdentity("uid-of-web", "default", "web");

  private final List<String> requests = new ArrayList<>();
  private final Deque<Answer> answers = new ArrayDeque<>();
  private HttpServer server;
  private KubernetesClient kubernetes;
  private ClusterClient client;

  private record Answer(int code, String body) {}

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    kubernetes =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withKubernetesSerialization(KubernetesJson.serialization())
            .build();
    client = new Fabric8ClusterClient(() -> kubernetes, new RequestGate());
  }

  @AfterEach
  void stop() {
    kubernetes.close();
    server.stop(0);
  }

  @Test
  void aStatusIsOneRequest() {
    will(200, "this is not looked at");

    client.patchPodStatus(POD, "{\"phase\":\"Running\"}");

    assertThat(requests)
        .containsExactly(
            "PATCH /api/v1/namespaces/default/pods/web/status"
                + " application/strategic-merge-patch+json"
                + " {\"metadata\":{\"uid\":\"uid-of-web\"},\"status\":{\"phase\":\"Running\"}}");
  }

  @Test
  void aRefusalSaysWhatTheServerSays() {
    will(404, "{\"kind\":\"Status\",\"code\":404,\"message\":\"pods \\\"web\\\" not found\"}");

    assertThatThrownBy(() -> client.patchPodStatus(POD, "{}"))
        .isInstanceOfSatisfying(
            ClusterRefusedException.class, refused -> assertThat(refused.isNotFound()).isTrue())
        .hasMessage("pods \"web\" not found");
  }

  @Test
  void anErrorOfTheServersIsNoRefusal() {
    will(503, "not even JSON");

    assertThatThrownBy(() -> client.patchPodStatus(POD, "{}"))
        .isInstanceOf(ClusterUnavailableException.class);
  }

  @Test
  void aServerThatIsAwayRefusesNothing() {
    server.stop(0);

    assertThatThrownBy(() -> client.patchPodStatus(POD, "{}"))
        .isInstanceOf(ClusterUnavailableException.class);
  }

  @Test
  void aPodThatIsGoneNeedsNoDeletion() {
    will(404, "{}");

    client.deletePod(POD);

    assertThat(requests).hasSize(1);
  }

  @Test
  void oneEventIsARequestOfItsOwn() {
    will(201, "{}");

    assertThat(client.tell(List.of(first("a")))).isEmpty();

    assertThat(requests).hasSize(1);
    assertThat(requests.getFirst()).startsWith("POST /api/v1/namespaces/default/events ");
  }

  @Test
  void severalEventsAreOneTransaction() {
    will(201, "{}");

    Map<Integer, String> refused =
        client.tell(List.of(first("a"), new EventChange.Again("default", "b", 3, Instant.EPOCH)));

    assertThat(refused).isEmpty();
    assertThat(requests).hasSize(1);
    assertThat(requests.getFirst())
        .startsWith("POST /apis/shiplog.dev/v1/transactions application/json ")
        .contains("\"operation\":\"Create\"", "\"name\":\"a\"", "\"operation\":\"Patch\"")
        .contains("\"count\":3", "\"lastTimestamp\":\"1970-01-01T00:00:00Z\"");
  }

  @Test
  void whatATransactionIsRefusedForIsLeftOut() {
    will(403, refusal(1));
    will(201, "{}");

    Map<Integer, String> refused = client.tell(List.of(first("a"), first("b"), first("c")));

    assertThat(refused).containsOnlyKeys(1).containsValue("the namespace is being terminated");
    assertThat(requests).hasSize(2);
    assertThat(requests.getLast())
        .contains("\"name\":\"a\"", "\"name\":\"c\"")
        .doesNotContain("\"name\":\"b\"");
  }

  @Test
  void whereTransactionsAreNotKnownEachEventGoesByItself() {
    will(404, "{}");
    will(201, "{}");
    will(403, "{\"message\":\"no\"}");
    will(201, "{}");

    Map<Integer, String> refused = client.tell(List.of(first("a"), first("b"), first("c")));

    assertThat(refused).containsExactly(Map.entry(1, "no"));
    assertThat(requests).hasSize(4);
  }

  private void will(int code, String body) {
    answers.add(new Answer(code, body));
  }

  private static String refusal(int operation) {
    return """
    {"kind":"Status","code":403,"reason":"Forbidden","message":"refused","details":{"causes":[
      {"field":"spec.operations[%d]","reason":"Forbidden",
       "message":"the namespace is being terminated"}]}}
    """
        .formatted(operation);
  }

  private static EventChange first(String name) {
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName(name)
            .endMetadata()
            .build();
    return new EventChange.First(event);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    requests.add(
        exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + type + " " + body);
    Answer answer = answers.remove();
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.code(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
