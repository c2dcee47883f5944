package dev.shiplog.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.agent.cluster.AccessReviews;
import dev.shiplog.agent.cluster.ClusterUnavailableException;
import dev.shiplog.agent.runtime.PodStats;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import dev.shiplog.agent.runtime.StreamRequest.Ends;
import dev.shiplog.agent.usage.UsageMeter;
import dev.shiplog.agent.usage.UsageSource;
import io.netty.channel.socket.DuplexChannel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.impl.NetSocketInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The node's server between a client with a certificate and a runtime that echoes. It is one file
 * because all of it needs that surrounding.
 */
final class NodeServerTest {

  /** More than what sockets hold. */
  private static final int LARGE = 10_000_000;

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Judge reviews = new Judge();
  private final CompletableFuture<NetSocket> runtimeSide = new CompletableFuture<>();
  private static TestCertificates own;
  private static TestCertificates apiServer;
  private NodeServer server;
  private URI runtime;

  /** An API server that knows one token, and grants to its user what the test says. */
  private static final class Judge implements AccessReviews {

    private final Set<String> granted = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile boolean away;

    @Override
    public Optional<User> userOf(String token) {
      if (away) {
        throw new ClusterUnavailableException("away", null);
      }
      return token.equals("good")
          ? Optional.of(new User("reader", "uid", List.of("readers"), Map.of()))
          : Optional.empty();
    }

    @Override
    public boolean mayAsk(User user, String verb, String node, String subresource) {
      asked.add(String.join(" ", user.name(), verb, node, subresource));
      return granted.contains(subresource);
    }
  }

  @BeforeAll
  static void makeCertificates(@TempDir Path certificates) throws Exception {
    own = TestCertificates.of(certificates, "node", "CN=kubelet");
    apiServer = TestCertificates.of(certificates, "api", "CN=api, O=system:masters");
  }

  @BeforeEach
  void start() throws Exception {
    HttpServer streaming =
        now(vertx.createHttpServer().requestHandler(this::stream).listen(0, "127.0.0.1"));
    runtime = URI.create("http://127.0.0.1:" + streaming.actualPort() + "/exec/token");
    server = serverTrusting(apiServer);
  }

  @AfterEach
  void close() {
    server.close();
    now(vertx.close());
  }

  @Test
  void usageIsToldOfTheNodeThatIsNamed() throws Exception {
    HttpClientResponse summary = get(apiServer, "/stats/summary?node=n2");
    assertThat(summary.statusCode()).isEqualTo(200);
    assertThat(text(summary)).contains("\"nodeName\":\"n2\"", "\"workingSetBytes\":6");
    assertThat(text(get(apiServer, "/metrics/resource?node=n1")))
        .contains("node_memory_working_set_bytes 6 ");
  }

  @Test
  void whatTheProcessCountsIsServed() throws Exception {
    HttpClientResponse page = get(apiServer, "/metrics");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.getHeader("Content-Type")).startsWith("text/plain; version=0.0.4");
    assertThat(text(page)).contains("# TYPE jvm_memory_used_bytes gauge");
  }

  @Test
  void ofSeveralNodesOneHasToBeNamed() throws Exception {
    assertThat(get(apiServer, "/stats/summary").statusCode()).isEqualTo(400);
    assertThat(get(apiServer, "/stats/summary?node=n3").statusCode()).isEqualTo(404);
  }

  @Test
  void aCertificateOfAnotherGroupOpensNothing() throws Exception {
    TestCertificates other =
        TestCertificates.of(directory, "other", "CN=system:node:b,O=system:nodes");
    server.close();
    server = serverTrusting(other);

    assertThat(get(other, "/exec/default/web/app?command=id&output=1").statusCode()).isEqualTo(403);
  }

  @Test
  void aTokenOpensWhatTheApiServerGrantsItAndNothingElse() {
    reviews.granted.add("metrics");

    assertThat(get("good", "/metrics").statusCode()).isEqualTo(200);
    HttpClientResponse refused = get("good", "/stats/summary?node=n1");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(text(refused))
        .isEqualTo("Forbidden (user=reader, verb=get, resource=nodes, subresource(s)=[stats])");
  }

  @Test
  void whoeverMayAskForAllOfANodeMayAskForItsPods() {
    reviews.granted.add("proxy");

    assertThat(get("good", "/pods").statusCode()).isEqualTo(200);
    assertThat(get("good", "/healthz").statusCode()).isEqualTo(200);
    assertThat(get("good", "/metrics").statusCode()).isEqualTo(403);
    assertThat(reviews.asked).contains("reader get east pods", "reader get east proxy");
  }

  @Test
  void whoHasNoGoodTokenIsNobody() {
    assertThat(get("bad", "/metrics").statusCode()).isEqualTo(401);
    assertThat(get((String) null, "/metrics").statusCode()).isEqualTo(401);
  }

  @Test
  void theApiServerIsNotAskedAgainAtOnce() {
    reviews.granted.add("metrics");

    assertThat(get("good", "/metrics").statusCode()).isEqualTo(200);
    assertThat(get("good", "/metrics").statusCode()).isEqualTo(200);

    assertThat(reviews.asked).hasSize(1);
  }

  @Test
  void whileTheApiServerIsAwayItsOwnCertificateStillOpensTheNode() throws Exception {
    reviews.away = true;

    assertThat(get("good", "/metrics").statusCode()).isEqualTo(503);
    assertThat(get(apiServer, "/metrics").statusCode()).isEqualTo(200);
  }

  @Test
  void aLogIsServed() throws Exception {
    Files.writeString(directory.resolve("0.log"), "2026-01-01T00:00:10.0Z stdout F hello\n");

    assertThat(text(get(apiServer, "/containerLogs/default/web/app"))).isEqualTo("hello\n");
  }

  @Test
  void whatAClientAndTheRuntimeSayPassesThroughUnchanged() throws Exception {
    HttpClientResponse agreed = upgrade("/exec/default/web/app?command=cat&input=1&output=1");

    assertThat(agreed.statusCode()).isEqualTo(101);
    assertThat(agreed.getHeader("X-Stream-Protocol-Version")).isEqualTo("v4.channel.k8s.io");
    Buffer echo = Buffer.buffer();
    NetSocket socket = agreed.netSocket();
    socket.handler(echo::appendBuffer);
    Buffer large = Buffer.buffer(new byte[3_000_000]);
    var _ = socket.write(large);
    await().until(() -> echo.length() == large.length());
  }

  @Test
  void aClientThatLeavesIsLeftByTheRuntimeToo() throws Exception {
    NetSocket client = upgrade("/exec/default/web/app?command=cat&input=1").netSocket();
    CompletableFuture<Void> left = new CompletableFuture<>();
    runtimeSide.get(10, TimeUnit.SECONDS).closeHandler(gone -> left.complete(null));

    now(client.close());

    left.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aRuntimeThatIsDoneClosesTheClientsConnection() throws Exception {
    NetSocket client = upgrade("/attach/default/web/app?output=1").netSocket();
    CompletableFuture<Void> left = new CompletableFuture<>();
    client.closeHandler(gone -> left.complete(null));

    now(runtimeSide.get(10, TimeUnit.SECONDS).close());

    left.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aClientThatReadsSlowlyGetsAllThatARuntimeSaidBeforeItLeft() throws Exception {
    NetSocket client = upgrade("/exec/default/web/app?command=yes&output=1").netSocket();
    AtomicLong heard = readSlowly(client);

    say(LARGE, runtimeSide.get(10, TimeUnit.SECONDS));

    await().atMost(3, TimeUnit.MINUTES).untilAsserted(() -> assertThat(heard).hasValue(LARGE));
  }

  @Test
  void inputThatNobodyReadsAnyMoreCostsNoOutput() throws Exception {
    NetSocket client = upgrade("/exec/default/web/app?command=yes&input=1&output=1").netSocket();
    AtomicLong heard = readSlowly(client);
    NetSocket process = runtimeSide.get(10, TimeUnit.SECONDS);
    process.handler(input -> {});
    vertx.setPeriodic(1, turn -> client.write(Buffer.buffer("more\n")));

    process.write(Buffer.buffer(new byte[LARGE])).onSuccess(written -> endOutput(process));

    await().atMost(3, TimeUnit.MINUTES).untilAsserted(() -> assertThat(heard).hasValue(LARGE));
  }

  @Test
  void aContainerThatDoesNotRunIsNotFound() throws Exception {
    HttpClientResponse refused = get(apiServer, "/exec/default/web/gone?command=id&output=1");

    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(text(refused)).isEqualTo("container \"gone\" is not running");
  }

  @Test
  void aRuntimesRefusalIsPassedOn() throws Exception {
    HttpClientResponse refused = get(apiServer, "/portForward/default/simulated");

    assertThat(refused.statusCode()).isEqualTo(500);
    assertThat(text(refused)).isEqualTo("it has no ports");
  }

  @Test
  void anExecWithoutACommandOrWithoutAStreamIsABadRequest() throws Exception {
    assertThat(text(get(apiServer, "/exec/default/web/app?output=1")))
        .isEqualTo("you must specify at least 1 command");
    assertThat(text(get(apiServer, "/exec/default/web/app?command=id")))
        .isEqualTo("you must specify at least 1 of stdin, stdout, stderr");
  }

  /** Says so many bytes and leaves. */
  private static void say(int bytes, NetSocket socket) {
    socket.end(Buffer.buffer(new byte[bytes]));
  }

  /** Goes on reading, so that none of what was said is lost on the way here. */
  private static void endOutput(NetSocket socket) {
    var channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
    var _ = ((DuplexChannel) channel).shutdownOutput();
  }

  /** Counts what arrives, one piece per turn. */
  private AtomicLong readSlowly(NetSocket socket) {
    AtomicLong heard = new AtomicLong();
    socket.handler(piece -> {
      heard.addAndGet(piece.length());
      socket.pause();
      vertx.setTimer(1, turn -> socket.resume());
    });
    return heard;
  }

  private NodeServer serverTrusting(TestCertificates client) throws Exception {
    return NodeServer.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new ServerTls(own.certificate(), own.key(), client.certificate()),
        new NodeDoor(reviews, () -> "east", InstantSource.system()),
        new OnePod(),
        twoNodes(),
        InstantSource.system());
  }

  private void stream(HttpServerRequest request) {
    request
        .response()
        .putHeader("Connection", "Upgrade")
        .putHeader("Upgrade", request.getHeader("Upgrade"))
        .putHeader("X-Stream-Protocol-Version", request.getHeader("X-Stream-Protocol-Version"));
    request
        .toNetSocket()
        .onSuccess(socket -> {
          socket.pipeTo(socket);
          runtimeSide.complete(socket);
        });
  }

  private HttpClientResponse upgrade(String uri) throws Exception {
    return now(
        client(apiServer)
            .request(
                options(uri)
                    .putHeader("Connection", "Upgrade")
                    .putHeader("Upgrade", "SPDY/3.1")
                    .putHeader("X-Stream-Protocol-Version", "v4.channel.k8s.io"))
            .compose(request -> request.connect()));
  }

  private HttpClientResponse get(TestCertificates who, String uri) {
    return now(
        client(who)
            .request(options(uri))
            .compose(request -> {
              request.response().onSuccess(HttpClientResponse::pause);
              return request.send();
            }));
  }

  /** With a token, and without a certificate. */
  private HttpClientResponse get(String token, String uri) {
    RequestOptions options = options(uri);
    if (token != null) {
      options.putHeader("Authorization", "Bearer " + token);
    }
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setSsl(true)
                .setTrustOptions(new PemTrustOptions().addCertPath(own.certificate().toString())));
    return now(
        client
            .request(options)
            .compose(request -> {
              request.response().onSuccess(HttpClientResponse::pause);
              return request.send();
            }));
  }

  private static String text(HttpClientResponse response) {
    Future<Buffer> body = response.body();
    response.resume();
    return now(body).toString();
  }

  private HttpClient client(TestCertificates who) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(who.certificate().toString())
                    .setKeyPath(who.key().toString()))
            .setTrustOptions(new PemTrustOptions().addCertPath(own.certificate().toString())));
  }

  private RequestOptions options(String uri) {
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setHost("localhost")
        .setPort(server.port())
        .setURI(uri);
  }

  private static <T> T now(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Two nodes without pods. */
  private static MeteredNodes twoNodes() {
    MeteredNodes nodes = new MeteredNodes();
    for (String name : List.of("n1", "n2")) {
      UsageSource.Machine machine =
          new UsageSource.Machine(Instant.EPOCH, 0, OptionalLong.of(5), 6, 7);
      UsageSource source =
          new UsageSource() {
            @Override
            public Machine machine() {
              return machine;
            }

            @Override
            public List<PodStats> pods() {
              return List.of();
            }
          };
      nodes.add(new UsageMeter(name, source, List::of, InstantSource.system()));
    }
    return nodes;
  }

  private final class OnePod implements ServedPods {

    @Override
    public ContainerLog find(String namespace, String pod, String container, boolean previous) {
      return new ContainerLog(directory.resolve("0.log"), () -> false);
    }

    @Override
    public List<JsonNode> pods() {
      return List.of();
    }

    @Override
    public URI exec(
        String namespace, String pod, String container, List<String> command, Ends ends) {
      return attach(namespace, pod, container, ends);
    }

    @Override
    public URI attach(String namespace, String pod, String container, Ends ends) {
      if (container.equals("gone")) {
        throw RefusedException.notFound("container \"gone\" is not running");
      }
      return runtime;
    }

    @Override
    public URI portForward(String namespace, String pod, List<Integer> ports) {
      throw new RuntimeRefusedException("", "it has no ports", null);
    }
  }
}
