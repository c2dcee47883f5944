package dev.shiplog.e2e.consistency;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An API server as an administrator reaches it. Any thread. */
public final class ApiServer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final String server;
  private final String token;
  private final HttpClient client;

  /**
   * Makes one.
   *
   * @param server its address, with the scheme
   * @param authority PEM certificate that it is trusted by
   */
  public ApiServer(String server, String token, Path authority) {
    this.server = server;
    this.token = token;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .sslContext(trusting(authority))
            .build();
  }

  /** Sends a request; the body is JSON or empty. */
  public HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(request(method, path, body).build(), BodyHandlers.ofString());
  }

  /** Whether it says that requests may be sent to it. */
  boolean isReady() throws InterruptedException {
    try {
      return send("GET", "/readyz", "").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Begins a watch; what comes is read from the body. */
  HttpResponse<InputStream> watch(String path) throws IOException, InterruptedException {
    return client.send(request("GET", path, "").build(), BodyHandlers.ofInputStream());
  }

  /** Breaks what is under way. */
  @Override
  public void close() {
    client.shutdownNow();
  }

  private HttpRequest.Builder request(String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create(server + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(body));
  }

  @Override
  public String toString() {
    return server;
  }

  private static SSLContext trusting(Path authority) {
    try (InputStream in = Files.newInputStream(authority)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
