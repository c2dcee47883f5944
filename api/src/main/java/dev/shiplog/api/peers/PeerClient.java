package dev.shiplog.api.peers;

import dev.shiplog.api.http.TlsKeys;
import dev.shiplog.api.journal.CommitForwarder;
import dev.shiplog.api.journal.LeaderAnswer;
import dev.shiplog.api.journal.NotTakenException;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.record.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import javax.net.ssl.SSLException;

/**
 * Hands commits to the leader over HTTPS. What fails before the request was begun did not reach
 * anybody; what fails later may have. Any thread.
 */
public final class PeerClient implements CommitForwarder, AutoCloseable {

  /** How the JDK's TLS tells what the other side refused. */
  private static final String ALERT = "fatal alert";

  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** Longer than a leader takes to give up on a commit: what it says then is worth hearing. */
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private static final int CONNECTIONS = 64;

  private final HttpClient client;
  private final LeaderPresence presence;
  private final Executor workers;
  private final BiFunction<ObjectKey, byte[], StoredObject> decoder;

  /**
   * Makes a client.
   *
   * @param workers encode and decode
   * @param decoder reads stored objects
   */
  public PeerClient(
      Vertx vertx,
      PeerIdentity identity,
      Executor workers,
      BiFunction<ObjectKey, byte[], StoredObject> decoder) {
    this.workers = workers;
    this.decoder = decoder;
    HttpClientOptions options =
        new HttpClientOptions()
            .setSsl(true)
            .setVerifyHost(true)
            .setConnectTimeout((int) CONNECT.toMillis())
            .setMaxPoolSize(CONNECTIONS)
            .setKeyCertOptions(TlsKeys.of(identity.certificate(), identity.key()))
            .setTrustOptions(new PemTrustOptions().addCertPath(identity.authority().toString()));
    this.client = vertx.createHttpClient(options);
    this.presence = new LeaderPresence(vertx, vertx.createHttpClient(options));
  }

  @Override
  public CompletableFuture<LeaderAnswer> forward(Entry.Claim leader, CommitRequest request) {
    String address = leader.address();
    if (address.isEmpty()) {
      return CompletableFuture.failedFuture(
          Failures.unavailable(
              "API server "
                  + leader.leader()
                  + " leads and serves alone: it was started without a Kafka that others share"));
    }
    return CompletableFuture.supplyAsync(
            () -> CommitMessage.of(leader.epoch(), request).bytes(), workers)
        .thenCompose(body -> send(address, body).toCompletionStage())
        .thenApplyAsync(body -> Json.read(body, AnswerMessage.class).answer(decoder), workers);
  }

  @Override
  public void watch(Entry.Claim leader, Runnable ended) {
    presence.watch(leader.address(), ended);
  }

  @Override
  public void close() {
    presence.close();
    var _ = client.close();
  }

  private Future<byte[]> send(String address, byte[] body) {
    return client
        .request(to(address, HttpMethod.POST, PeerEndpoint.PATH))
        .recover(thrown -> Future.failedFuture(unreached(address, thrown)))
        .compose(request -> exchange(request, body, address));
  }

  static RequestOptions to(String address, HttpMethod method, String path) {
    URI server = URI.create("https://" + address);
    return new RequestOptions()
        .setMethod(method)
        .setServer(SocketAddress.inetSocketAddress(server.getPort(), server.getHost()))
        .setHost(PeerIdentity.SERVER_NAME)
        .setPort(server.getPort())
        .setURI(path)
        .setConnectTimeout(CONNECT.toMillis());
  }

  private static Future<byte[]> exchange(HttpClientRequest request, byte[] body, String address) {
    return request
        .idleTimeout(ANSWER.toMillis())
        .send(Buffer.buffer(body))
        .compose(response -> read(response, address));
  }

  private static Future<byte[]> read(HttpClientResponse response, String address) {
    if (response.statusCode() == 200) {
      return response.body().map(Buffer::getBytes);
    }
    return response
        .body()
        .compose(text ->
            Future.failedFuture(
                Failures.unavailable(
                    "the leading API server at %s answered with status %d: %s"
                        .formatted(address, response.statusCode(), text))));
  }

  private static RuntimeException unreached(String address, Throwable thrown) {
    if (isDistrust(thrown)) {
      return Failures.unavailable(
          "the leading API server at "
              + address
              + " and this one do not trust each other ("
              + rootOf(thrown).getMessage()
              + "): all API servers of a cluster need certificates of one authority");
    }
    return new NotTakenException(
        "the leading API server at " + address + " was not reached: " + thrown.getMessage());
  }

  /**
   * Whether one of both sides refused the other's certificate. A server that ends while it shakes
   * hands fails the connection as well, and says nothing about trust.
   */
  static boolean isDistrust(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      boolean alert =
          each instanceof SSLException && String.valueOf(each.getMessage()).contains(ALERT);
      if (alert || each instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  private static Throwable rootOf(Throwable thrown) {
    return thrown.getCause() == null ? thrown : rootOf(thrown.getCause());
  }
}
