package dev.shiplog.api.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.api.stream.RemoteCommand.Ends;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client over WebSocket, a runtime that speaks SPDY, both over sockets, and what joins them. */
final class RemoteCommandTest {

  private static final Ends PIPED = new Ends(true, true, true, false);
  private static final Ends TERMINAL = new Ends(true, true, false, true);

  private final Vertx vertx = Vertx.vertx();
  private final SpdyPeer spdy = new SpdyPeer();
  private final CompletableFuture<NetSocket> runtime = new CompletableFuture<>();
  private final CompletableFuture<Void> runtimeLeft = new CompletableFuture<>();
  private final Map<String, Integer> streams = new HashMap<>();
  private final List<String> answers = new CopyOnWriteArrayList<>();
  private WebSocket client;

  @AfterEach
  void close() {
    now(vertx.close());
  }

  @Test
  void whatTheProcessWritesArrivesOnItsChannel() {
    open(PIPED);

    runtimeSends("stdout", "out");
    runtimeSends("stderr", "err");

    await().untilAsserted(() -> assertThat(answers).containsExactly("1out", "2err"));
  }

  @Test
  void onlyTheStreamsThatWereAskedForAreOpened() {
    open(new Ends(false, true, false, false));

    assertThat(streams).containsOnlyKeys("error", "stdout");
  }

  @Test
  void inputReachesTheProcessAndSoDoesItsEnd() {
    open(PIPED);

    now(client.writeBinaryMessage(message(0, "line\n")));
    now(client.writeBinaryMessage(Buffer.buffer(new byte[] {(byte) 255, 0})));

    assertThat(runtimeHears("stdin")).isEqualTo("line\n");
    assertThat(runtimeHears("stdin")).isEqualTo("(end)");
  }

  @Test
  void aMessageInManyFramesIsOneStreamOfBytes() {
    open(PIPED);
    String large = "x".repeat(1_000_000);

    now(client.writeBinaryMessage(message(0, large)));

    StringBuilder heard = new StringBuilder();
    while (heard.length() < large.length()) {
      heard.append(runtimeHears("stdin"));
    }
    assertThat(heard.toString()).isEqualTo(large);
  }

  @Test
  void aTerminalHasNoErrorStreamOfItsOwnAndCanBeResized() {
    open(TERMINAL);

    assertThat(streams).containsOnlyKeys("error", "stdin", "stdout", "resize");
    now(client.writeBinaryMessage(message(4, "{\"Width\":80,\"Height\":24}")));
    assertThat(runtimeHears("resize")).isEqualTo("{\"Width\":80,\"Height\":24}");
  }

  @Test
  void howTheCommandEndedIsTheLastThatTheClientIsTold() throws Exception {
    open(PIPED);
    CompletableFuture<Short> left = new CompletableFuture<>();
    client.closeHandler(closed -> left.complete(client.closeStatusCode()));

    runtimeSends("stdout", "out");
    runtimeSends("error", "{\"status\":\"Success\"}");
    now(runtime.get().close());

    assertThat(left.get(10, TimeUnit.SECONDS)).isEqualTo((short) 1000);
    assertThat(answers).containsExactly("1out", "3{\"status\":\"Success\"}");
  }

  @Test
  void aNodeThatBreaksOffIsAFailureToTheClient() throws Exception {
    open(PIPED);

    now(runtime.get().close());

    await().until(() -> answers.size() == 1);
    assertThat(answers.getFirst())
        .startsWith("3{")
        .contains("\"status\":\"Failure\"", "broke off before the command ended");
  }

  @Test
  void aClientThatLeavesIsLeftByTheRuntimeToo() throws Exception {
    open(PIPED);

    now(client.close());

    runtimeLeft.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aClientThatDoesNotReadStopsTheProcessAndLosesNothing() throws Exception {
    open(PIPED);
    client.pause();
    AtomicLong received = new AtomicLong();
    client.binaryMessageHandler(message -> received.addAndGet(message.length() - 1L));

    long sent = 0;
    String piece = "y".repeat(8_000);
    // The sockets of both connections take some; then the runtime has to wait.
    while (!runtime.get().writeQueueFull() && sent < 200_000_000) {
      sent += piece.length();
      runtimeSends("stdout", piece);
    }
    assertThat(sent).isLessThan(200_000_000);

    client.resume();
    long all = sent;
    await().untilAsserted(() -> assertThat(received).hasValue(all));
  }

  @Test
  void aClientThatReadsSlowlyGetsAllThatTheNodeSaidBeforeItLeft() {
    open(PIPED);
    AtomicLong received = new AtomicLong();
    client.binaryMessageHandler(message -> {
      if (message.getByte(0) == 1) {
        received.addAndGet(message.length() - 1L);
      } else {
        answers.add(message.toString());
      }
      client.pause();
      vertx.setTimer(1, turn -> client.resume());
    });

    for (int i = 0; i < 1_000; i++) {
      runtimeSends("stdout", "z".repeat(20_000));
    }
    runtimeSends("error", "{\"status\":\"Success\"}");
    var _ = runtime.join().close();

    await()
        .atMost(1, TimeUnit.MINUTES)
        .untilAsserted(() -> assertThat(answers).containsExactly("\u0003{\"status\":\"Success\"}"));
    assertThat(received).hasValue(20_000_000);
  }

  private void open(Ends ends) {
    NetServer node =
        now(
            vertx
                .createNetServer()
                .connectHandler(socket -> {
                  socket.handler(spdy::receive);
                  socket.closeHandler(gone -> runtimeLeft.complete(null));
                  runtime.complete(socket);
                })
                .listen(0, "localhost"));
    HttpServer server =
        now(
            vertx
                .createHttpServer(
                    new HttpServerOptions().addWebSocketSubProtocol(RemoteCommand.CLIENT_PROTOCOL))
                .requestHandler(request -> join(request, node.actualPort(), ends))
                .listen(0, "localhost"));
    client =
        now(
            vertx
                .createWebSocketClient()
                .connect(
                    new WebSocketConnectOptions()
                        .setHost("localhost")
                        .setPort(server.actualPort())
                        .addSubProtocol(RemoteCommand.CLIENT_PROTOCOL))
                .onSuccess(socket ->
                    socket.binaryMessageHandler(message ->
                        answers.add(message.getByte(0) + message.getString(1, message.length())))));
    await().until(() -> streamsAreOpen(ends));
  }

  private void join(HttpServerRequest request, int port, Ends ends) {
    request.pause();
    vertx
        .createNetClient()
        .connect(port, "localhost")
        .onSuccess(NetSocket::pause)
        .compose(node ->
            request.toWebSocket().onSuccess(socket -> RemoteCommand.join(socket, node, ends)));
  }

  private boolean streamsAreOpen(Ends ends) {
    long wanted =
        1
            + java.util.stream.Stream.of(ends.stdin(), ends.stdout(), ends.stderr(), ends.tty())
                .filter(each -> each)
                .count();
    for (SpdyFrame frame = spdy.next(); frame != null; frame = spdy.next()) {
      SpdySynStreamFrame stream = (SpdySynStreamFrame) frame;
      streams.put(stream.headers().get("streamtype").toString(), stream.streamId());
    }
    return streams.size() == wanted;
  }

  private void runtimeSends(String stream, String text) {
    var data =
        new DefaultSpdyDataFrame(
            streams.get(stream), Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    var _ = runtime.join().write(spdy.write(data));
  }

  /** The next that the runtime receives, which must be on this stream. */
  private String runtimeHears(String stream) {
    SpdyDataFrame data =
        (SpdyDataFrame)
            await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> Optional.ofNullable(spdy.next()), Optional::isPresent)
                .orElseThrow();
    assertThat(data.streamId()).isEqualTo(streams.get(stream));
    return data.isLast() ? "(end)" : data.content().toString(StandardCharsets.UTF_8);
  }

  private static Buffer message(int channel, String text) {
    return Buffer.buffer().appendByte((byte) channel).appendString(text);
  }

  private static <T> T now(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
