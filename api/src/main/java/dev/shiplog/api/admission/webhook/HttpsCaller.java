package dev.shiplog.api.admission.webhook;

import dev.shiplog.api.admission.webhook.WebhookAddress.ServiceName;
import dev.shiplog.api.store.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Posts over HTTPS, on connections that are kept. There is a client for each CA bundle; those that
 * were not used for longest are closed when there are many. Any thread.
 */
public final class HttpsCaller implements WebhookCaller, AutoCloseable {

  private static final int HTTPS = 443;
  private static final int MOST_CLIENTS = 64;
  private static final int MOST_CONNECTIONS = 32;
  private static final int MOST_WAITING = 1024;

  /** Larger than any object, as a patch may replace one. */
  private static final int LARGEST_ANSWER = 8 << 20;

  private final Vertx vertx;
  private final Map<String, HttpClient> clients = new LinkedHashMap<>(16, 0.75f, true);

  public HttpsCaller(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public CompletableFuture<byte[]> post(
      WebhookAddress address, byte[] review, Snapshot state, Duration timeout) {
    try {
      RequestOptions request =
          address.service() == null ? byUrl(address.url()) : byService(address.service(), state);
      return client(address.caBundle())
          .request(request.setMethod(HttpMethod.POST))
          .compose(sent ->
              sent.putHeader("Content-Type", "application/json")
                  .putHeader("Accept", "application/json")
                  .send(Buffer.buffer(review))
                  .compose(HttpsCaller::body))
          .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .toCompletionStage()
          .toCompletableFuture();
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static RequestOptions byUrl(URI url) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return new RequestOptions()
        .setSsl(true)
        .setHost(url.getHost())
        .setPort(url.getPort() < 0 ? HTTPS : url.getPort())
        .setURI(path);
  }

  private static RequestOptions byService(ServiceName service, Snapshot state) throws IOException {
    SocketAddress place = ServicePlaces.find(service, state);
    return new RequestOptions()
        .setSsl(true)
        .setServer(place)
        .setHost(service.host())
        .setPort(service.port())
        .setURI(service.path().isEmpty() ? "/" : service.path());
  }

  private static Future<byte[]> body(HttpClientResponse response) {
    Buffer body = Buffer.buffer();
    response.handler(chunk -> {
      if (body.length() + chunk.length() <= LARGEST_ANSWER) {
        body.appendBuffer(chunk);
      } else {
        response.request().reset();
      }
    });
    return response
        .end()
        .compose(end ->
            response.statusCode() == 200
                ? Future.succeededFuture(body.getBytes())
                : Future.failedFuture(
                    new IOException(
                        "the server answered with status %d: %s"
                            .formatted(response.statusCode(), beginning(body)))));
  }

  private static String beginning(Buffer body) {
    return body.getString(0, Math.min(body.length(), 256)).strip();
  }

  private synchronized HttpClient client(String caBundle) {
    HttpClient client =
        clients.computeIfAbsent(caBundle, bundle -> vertx.createHttpClient(options(bundle)));
    if (clients.size() > MOST_CLIENTS) {
      Iterator<HttpClient> oldest = clients.values().iterator();
      var _ = oldest.next().close();
      oldest.remove();
    }
    return client;
  }

  private static HttpClientOptions options(String caBundle) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setSsl(true)
            .setVerifyHost(true)
            .setForceSni(true)
            .setMaxPoolSize(MOST_CONNECTIONS)
            .setMaxWaitQueueSize(MOST_WAITING)
            .setKeepAliveTimeout(30)
            .setDecompressionSupported(false);
    if (!caBundle.isBlank()) {
      options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(caBundle)));
    }
    return options;
  }

  @Override
  public synchronized void close() {
    clients
        .values()
        .forEach(client -> {
          var _ = client.close();
        });
    clients.clear();
  }
}
