package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.topics.record.Json;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watches over WebSocket, and how watches end. */
@QuarkusTest
class WatchTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final long PATIENCE = 30;

  @TestHTTPResource("/")
  URI server;

  private final Vertx vertx = Vertx.vertx();
  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
  }

  @AfterEach
  void disconnect() {
    var _ = vertx.close();
  }

  @Test
  void overWebSocketEachEventIsAMessageOfText() throws Exception {
    http.post(MAPS, map("socket"));
    BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
    WebSocket socket = connect(MAPS + "?watch=true&fieldSelector=metadata.name=socket", "admin");
    socket.textMessageHandler(
        text -> events.add(Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class)));
    socket.resume();

    JsonNode first = events.poll(PATIENCE, TimeUnit.SECONDS);
    http.delete(MAPS + "/socket");
    JsonNode second = events.poll(PATIENCE, TimeUnit.SECONDS);

    assertThat(first.path("type").asText()).isEqualTo("ADDED");
    assertThat(first.at("/object/metadata/name").asText()).isEqualTo("socket");
    assertThat(second.path("type").asText()).isEqualTo("DELETED");
    await(socket.close());
  }

  @Test
  void aWatchOverWebSocketEndsWithItsTime() throws Exception {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    WebSocket socket = connect(MAPS + "?watch=true&timeoutSeconds=1", "admin");
    socket.closeHandler(none -> ended.complete(null));
    socket.resume();

    assertThat(ended).succeedsWithin(Duration.ofSeconds(PATIENCE));
  }

  @Test
  void whatIsRefusedIsRefusedBeforeTheUpgrade() {
    assertThat(connecting(MAPS + "?watch=true", "nobody").toCompletionStage().toCompletableFuture())
        .failsWithin(Duration.ofSeconds(PATIENCE))
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            UpgradeRejectedException.class,
            rejected -> assertThat(rejected.getStatus()).isEqualTo(401));
  }

  @Test
  void aWatchEndsWhenItsDefinitionIsGone() throws Exception {
    http.post(
        DEFINITIONS,
        """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
         "metadata":{"name":"tides.watch.example.com"},
         "spec":{"group":"watch.example.com","scope":"Cluster",
           "names":{"plural":"tides","kind":"Tide"},
           "versions":[{"name":"v1","served":true,"storage":true,
             "schema":{"openAPIV3Schema":{"type":"object"}}}]}}
        """);
    awaitReply("/apis/watch.example.com/v1/tides", 200);
    CompletableFuture<Long> lines =
        CompletableFuture.supplyAsync(
            () -> http.lines("/apis/watch.example.com/v1/tides?watch=true").count());

    http.delete(DEFINITIONS + "/tides.watch.example.com");

    assertThat(lines).succeedsWithin(Duration.ofSeconds(PATIENCE));
  }

  private void awaitReply(String path, int code) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
    while (http.get(path).code() != code) {
      assertThat(System.nanoTime()).as(path).isLessThan(deadline);
    }
  }

  private static String map(String name) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"}}"
        .formatted(name);
  }

  private WebSocket connect(String uri, String who) throws Exception {
    return await(connecting(uri, who));
  }

  private Future<WebSocket> connecting(String uri, String who) {
    return vertx
        .createWebSocketClient()
        .connect(
            new WebSocketConnectOptions()
                .setHost("localhost")
                .setPort(server.getPort())
                .setURI(uri)
                .addHeader("Authorization", "Bearer " + who + "-token"))
        .onSuccess(WebSocket::pause);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS);
  }
}
