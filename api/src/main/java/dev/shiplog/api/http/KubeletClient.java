package dev.shiplog.api.http;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Asks node agents. It shows them a client certificate of its own, and takes only nodes whose
 * certificate the cluster's authority signed.
 */
final class KubeletClient implements AutoCloseable {

  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final long ANSWER_TIMEOUT_MS = 30_000;
  private static final int SWITCHING_PROTOCOLS = 101;

  /** Streams to one node at a time; more are turned away. */
  private static final int MOST_STREAMS = 2_000;

  private static final int LONGEST_ERROR = 8 * 1024;

  private final HttpClient client;
  private final HttpClient streams;

  /**
   * Makes a client.
   *
   * @param identity certificate and key; without one, nodes refuse to answer
   * @param authority whom to trust; without it, nobody
   */
  KubeletClient(Vertx vertx, Optional<Identity> identity, Optional<Path> authority) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setSsl(true)
            .setVerifyHost(true)
            .setConnectTimeout(CONNECT_TIMEOUT_MS)
            .setMaxPoolSize(256)
            .setDecompressionSupported(false);
    identity.ifPresent(
        pair -> options.setKeyCertOptions(TlsKeys.of(pair.certificate(), pair.key())));
    authority.ifPresent(
        file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    this.client = vertx.createHttpClient(options);
    this.streams =
        vertx.createHttpClient(
            new HttpClientOptions(options).setMaxPoolSize(MOST_STREAMS).setMaxWaitQueueSize(0));
  }

  /** PEM files of a certificate and its key. */
  record Identity(Path certificate, Path key) {}

  /**
   * Asks a node for a stream. The answer is paused: whoever takes it reads it.
   *
   * @return fails with an {@link ApiFailure} if the node does not answer, or answers with an error
   */
  Future<HttpClientResponse> get(String host, int port, String uri) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(host)
            .setPort(port)
            .setURI(uri)
            .setConnectTimeout(CONNECT_TIMEOUT_MS);
    return client
        .request(request)
        .compose(sent -> {
          sent.response().onSuccess(HttpClientResponse::pause);
          return sent.send()
              .timeout(ANSWER_TIMEOUT_MS, TimeUnit.MILLISECONDS)
              .onFailure(_ -> sent.reset());
        })
        .recover(thrown -> Future.failedFuture(unreachable(host, port, thrown)))
        .compose(answer -> good(answer, 200));
  }

  /**
   * Asks a node for another protocol on the connection. The answer's socket is paused: whoever
   * takes it reads it.
   *
   * @param headers that say which protocol
   * @return fails as {@link #get} does
   */
  Future<HttpClientResponse> upgrade(String host, int port, String uri, MultiMap headers) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(host)
            .setPort(port)
            .setURI(uri)
            .setHeaders(headers);
    return streams
        .request(request)
        .compose(sent -> {
          sent.response()
              .onSuccess(answer -> {
                if (answer.statusCode() == SWITCHING_PROTOCOLS) {
                  answer.netSocket().pause();
                } else {
                  answer.pause();
                }
              });
          // Both ends of a stream see for themselves when it breaks.
          return sent.exceptionHandler(broken -> {})
              .connect()
              .timeout(ANSWER_TIMEOUT_MS, TimeUnit.MILLISECONDS)
              .onFailure(_ -> sent.reset());
        })
        .recover(thrown -> Future.failedFuture(unreachable(host, port, thrown)))
        .compose(answer -> good(answer, SWITCHING_PROTOCOLS));
  }

  private static Future<HttpClientResponse> good(HttpClientResponse response, int wanted) {
    if (response.statusCode() == wanted) {
      return Future.succeededFuture(response);
    }
    response.resume();
    return response
        .body()
        .compose(body -> Future.failedFuture(refused(response.statusCode(), body)));
  }

  private static ApiFailure unreachable(String host, int port, Throwable thrown) {
    return Failures.internal(
        "the node's agent at https://%s:%d does not answer: %s"
            .formatted(host, port, thrown.getMessage()));
  }

  private static ApiFailure refused(int code, Buffer body) {
    String text = body.getString(0, Math.min(body.length(), LONGEST_ERROR)).strip();
    return switch (code) {
      case 400 -> Failures.badRequest(text);
      case 404 -> Failures.failure(Reason.NOT_FOUND, text, null);
      default -> Failures.internal("the node's agent answered with status " + code + ": " + text);
    };
  }

  @Override
  public void close() {
    var _ = client.close();
    var _ = streams.close();
  }
}
