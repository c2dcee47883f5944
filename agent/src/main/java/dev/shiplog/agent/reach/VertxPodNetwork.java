package dev.shiplog.agent.reach;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The real network, on a Vert.x that the caller keeps. A connection serves one request. */
public final class VertxPodNetwork implements PodNetwork {

  private static final int MAX_BODY = 10 * 1024;
  private static final int MAX_CONNECTIONS_PER_POD = 64;
  private static final int FIRST_REDIRECT = 300;
  private static final int FIRST_CLIENT_ERROR = 400;

  private final HttpClient http;
  private final NetClient tcp;

  public VertxPodNetwork(Vertx vertx) {
    http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAlive(false)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setDecompressionSupported(false)
                .setMaxPoolSize(MAX_CONNECTIONS_PER_POD));
    tcp = vertx.createNetClient(new NetClientOptions());
  }

  @Override
  public HttpAnswer get(HttpRequest request, Duration atMost) {
    return await(() -> ask(request, atMost), atMost, "Get \"" + request.url() + "\": ");
  }

  private Future<HttpAnswer> ask(HttpRequest request, Duration atMost) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setSsl(request.scheme().equals("https"))
            .setServer(SocketAddress.inetSocketAddress(request.port(), request.host()))
            .setHost(request.host())
            .setPort(request.port())
            .setURI(request.path())
            .setFollowRedirects(false)
            .setTimeout(atMost.toMillis());
    request.headers().forEach(header -> options.addHeader(header.getKey(), header.getValue()));
    return http.request(options).compose(sent -> sent.send()).compose(VertxPodNetwork::answer);
  }

  private static Future<HttpAnswer> answer(HttpClientResponse response) {
    boolean redirect =
        response.statusCode() >= FIRST_REDIRECT && response.statusCode() < FIRST_CLIENT_ERROR;
    Buffer body = Buffer.buffer();
    response.handler(part -> appendUpToMax(body, part));
    return response
        .end()
        .map(ended -> new HttpAnswer(response.statusCode(), redirect ? "" : text(body)));
  }

  private static void appendUpToMax(Buffer body, Buffer part) {
    int room = MAX_BODY - body.length();
    if (room > 0) {
      body.appendBuffer(part, 0, Math.min(room, part.length()));
    }
  }

  private static String text(Buffer body) {
    return body.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void connect(String host, int port, Duration atMost) {
    await(
        () -> tcp.connect(port, host).compose(NetSocket::close),
        atMost,
        "dial tcp " + host + ":" + port + ": ");
  }

  @Override
  public String grpcHealth(String host, int port, String service, Duration atMost, String agent) {
    return GrpcHealthCheck.ask(host, port, service, atMost, agent);
  }

  /** What a pod's author wrote, such as a header of two lines, is refused before it is sent. */
  private static <T> T await(Supplier<Future<T>> question, Duration atMost, String what) {
    try {
      return question
          .get()
          .toCompletionStage()
          .toCompletableFuture()
          .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IllegalArgumentException e) {
      throw new UnreachableException(what + e.getMessage(), e);
    } catch (ExecutionException e) {
      throw new UnreachableException(what + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new UnreachableException(what + "no answer within " + atMost.toMillis() + "ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException(what + "interrupted", e);
    }
  }
}
