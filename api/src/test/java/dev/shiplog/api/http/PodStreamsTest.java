package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams to a node that takes every upgrade and says back what it is told. */
@QuarkusTest
@QuarkusTestResource(value = TlsFiles.class, restrictToAnnotatedClass = true)
class PodStreamsTest {

  private static final String TOKEN = "admin-token";
  private static final String POD = "/api/v1/namespaces/default/pods/box";

  @TestHTTPResource("/")
  URI server;

  private final Vertx vertx = Vertx.vertx();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private RawHttp http;

  @BeforeEach
  void runAPodOnANode() {
    http = new RawHttp(server.getPort(), TOKEN);
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
    String core = "{\"apiVersion\":\"v1\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"}%s}";
    http.post("/api/v1/nodes", core.formatted("Node", "east", ""));
    http.post(
        "/api/v1/namespaces/default/serviceaccounts",
        core.formatted("ServiceAccount", "default", ""));
    http.post(
        "/api/v1/namespaces/default/pods",
        core.formatted(
            "Pod",
            "box",
            ",\"spec\":{\"nodeName\":\"east\",\"containers\":[{\"name\":\"main\",\"image\":\"a\"}]}"));
    String status =
        "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"127.0.0.1\"}],"
            + "\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":"
            + node.actualPort()
            + "}}}}";
    Reply patched =
        http.send(
            "PATCH",
            "/api/v1/nodes/east/status",
            status,
            "Content-Type",
            "application/merge-patch+json");
    assertThat(patched.code()).as(patched.text()).isEqualTo(200);
  }

  @AfterEach
  void close() {
    now(vertx.close());
  }

  @Test
  void whatAnOlderClientAndTheNodeSayPassesThroughUnchanged() throws IOException {
    try (Socket client = upgrade(POD + "/exec?command=id&command=-u&stdout=true")) {
      assertThat(head(client))
          .startsWith("HTTP/1.1 101 ")
          .containsIgnoringCase("upgrade: SPDY/3.1")
          .containsIgnoringCase("x-stream-protocol-version: v4.channel.k8s.io");
      assertThat(asked).containsExactly("/exec/default/box/main?command=id&command=-u&output=1");

      client.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.getInputStream().readNBytes(4)).asString().isEqualTo("ping");
    }
  }

  @Test
  void aNodesRefusalIsAStatus() throws IOException {
    try (Socket client = upgrade(POD + "/attach?stdout=true")) {
      assertThat(head(client)).startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void aClientOverWebSocketSpeaksChannelsAndTheNodeSpdy() {
    WebSocket client = webSocket("/exec?command=id&stdout=true", "v5.channel.k8s.io");

    assertThat(client.subProtocol()).isEqualTo("v5.channel.k8s.io");
    assertThat(asked).containsExactly("/exec/default/box/main?command=id&output=1");
    now(client.close());
  }

  @Test
  void aPortIsForwardedInsideOfWebSocketMessages() {
    WebSocket client = webSocket("/portforward", UpgradeProtocols.SPDY_IN_WEB_SOCKET);
    Buffer answer = Buffer.buffer();
    client.handler(answer::appendBuffer);

    now(client.writeBinaryMessage(Buffer.buffer("ping")));

    await().until(() -> answer.toString().equals("ping"));
    assertThat(asked).containsExactly("/portForward/default/box");
    now(client.close());
  }

  @Test
  void aRequestThatDoesNotUpgradeIsABadRequest() {
    Reply reply = http.post(POD + "/exec?command=id", "");

    assertThat(reply.code()).isEqualTo(400);
    assertThat(reply.json().path("message").asText()).startsWith("Upgrade request required");
  }

  @Test
  void oneUserHasSoManyStreamsAndGetsAnotherWhenOneEnds() throws IOException {
    List<Socket> open = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      open.add(upgrade(POD + "/exec?command=id&stdout=true"));
      assertThat(head(open.get(i))).startsWith("HTTP/1.1 101 ");
    }
    try (Socket refused = upgrade(POD + "/exec?command=id&stdout=true")) {
      assertThat(head(refused)).startsWith("HTTP/1.1 429 ").containsIgnoringCase("retry-after: 1");
    }
    Reply proxied = http.get(POD + "/proxy/");
    assertThat(proxied.code()).isEqualTo(429);
    assertThat(proxied.json().path("message").asText())
        .startsWith("user \"admin\" has 5 streams open");

    open.removeLast().close();

    await()
        .untilAsserted(() -> {
          try (Socket another = upgrade(POD + "/exec?command=id&stdout=true")) {
            assertThat(head(another)).startsWith("HTTP/1.1 101 ");
          }
        });
    for (Socket one : open) {
      one.close();
    }
  }

  /** On the node: streams echo, except that nothing can be attached to. */
  private void serve(HttpServerRequest request) {
    asked.add(request.uri());
    if (request.path().startsWith("/attach")) {
      request.response().setStatusCode(404).end("container \"main\" is not running");
      return;
    }
    request
        .response()
        .putHeader("Connection", "Upgrade")
        .putHeader("Upgrade", request.getHeader("Upgrade"))
        .putHeader("X-Stream-Protocol-Version", request.getHeader("X-Stream-Protocol-Version"));
    request.toNetSocket().onSuccess(socket -> socket.pipeTo(socket));
  }

  private Socket upgrade(String uri) throws IOException {
    Socket client = new Socket("localhost", server.getPort());
    client.setSoTimeout(10_000);
    String head =
        """
        POST %s HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Connection: Upgrade
        Upgrade: SPDY/3.1
        Content-Length: 0
        X-Stream-Protocol-Version: v4.channel.k8s.io

        """
            .formatted(uri, TOKEN)
            .replace("\n", "\r\n");
    client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  private static String head(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    return head.toString();
  }

  private WebSocket webSocket(String subresource, String protocol) {
    return now(
        vertx
            .createWebSocketClient()
            .connect(
                new WebSocketConnectOptions()
                    .setHost("localhost")
                    .setPort(server.getPort())
                    .setURI(POD + subresource)
                    .addHeader("Authorization", "Bearer " + TOKEN)
                    .addSubProtocol(protocol)));
  }

  private static <T> T now(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
