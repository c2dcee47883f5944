package dev.shiplog.api.remote;

import dev.shiplog.api.http.TlsKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Connections to remote servers, kept open between calls. A server only shares connections with
 * those that are trusted for the same reason. Any thread.
 */
public final class RemoteClients implements AutoCloseable {

  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int IDLE_SECONDS = 60;

  /** Of each server; a webhook that hangs holds up to so many calls, and no more. */
  private static final int CONNECTIONS = 64;

  private static final int WAITING = 1_000;

  /** Different bundles that are remembered; the one that was not used for longest goes first. */
  private static final int MOST = 128;

  private final Vertx vertx;
  private final Optional<Identity> identity;
  private final Map<Trust, HttpClient> clients = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /** PEM files of a certificate and its key. */
  public record Identity(Path certificate, Path key) {}

  /**
   * Makes the connections' home.
   *
   * @param identity what servers are shown that ask for a certificate
   */
  public RemoteClients(Vertx vertx, Optional<Identity> identity) {
    this.vertx = vertx;
    this.identity = identity;
  }

  /** Begins a request to a server; it fails if there is no connection to it. */
  public Future<HttpClientRequest> request(Remote remote, HttpMethod method, String uri) {
    return request(remote, method, uri, true);
  }

  /**
   * The same, perhaps in the clear.
   *
   * @param tls false for a server that does not speak TLS
   */
  public Future<HttpClientRequest> request(
      Remote remote, HttpMethod method, String uri, boolean tls) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setServer(SocketAddress.inetSocketAddress(remote.port(), remote.address()))
            .setHost(remote.host())
            .setPort(remote.port())
            .setURI(uri)
            .setSsl(tls)
            .setConnectTimeout(CONNECT_TIMEOUT_MS);
    return client(remote.trust()).request(options);
  }

  private synchronized HttpClient client(Trust trust) {
    if (closed) {
      throw new IllegalStateException("the server is stopping");
    }
    HttpClient known = clients.get(trust);
    if (known == null) {
      known = vertx.createHttpClient(options(trust));
      clients.put(trust, known);
      if (clients.size() > MOST) {
        var oldest = clients.entrySet().iterator().next();
        clients.remove(oldest.getKey());
        var _ = oldest.getValue().close();
      }
    }
    return known;
  }

  private HttpClientOptions options(Trust trust) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setSsl(true)
            .setVerifyHost(!trust.anybody())
            .setTrustAll(trust.anybody())
            .setConnectTimeout(CONNECT_TIMEOUT_MS)
            .setKeepAliveTimeout(IDLE_SECONDS)
            .setMaxPoolSize(CONNECTIONS)
            .setMaxWaitQueueSize(WAITING)
            .setDecompressionSupported(false);
    if (!trust.authorities().isEmpty()) {
      options.setTrustOptions(
          new PemTrustOptions().addCertValue(Buffer.buffer(trust.authorities())));
    }
    identity.ifPresent(
        shown -> options.setKeyCertOptions(TlsKeys.of(shown.certificate(), shown.key())));
    return options;
  }

  @Override
  public synchronized void close() {
    closed = true;
    clients
        .values()
        .forEach(client -> {
          var _ = client.close();
        });
    clients.clear();
  }
}
