package dev.shiplog.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A cluster seen from another process on the same machine, through what its data directory says.
 *
 * @param data its data directory
 * @param server URL of its API server; empty while it is not known yet
 */
public record RunningCluster(DataDirectory data, String server) {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  public static RunningCluster of(DataDirectory data) {
    try {
      return new RunningCluster(data, Files.readString(serverFile(data)).strip());
    } catch (IOException e) {
      return new RunningCluster(data, "");
    }
  }

  /** Leaves the server's URL for other processes. */
  static void announce(DataDirectory data, String server) {
    try {
      Files.writeString(serverFile(data), server + "\n");
    } catch (IOException e) {
      throw new StartFailure("cannot write " + serverFile(data) + ": " + StartFailure.describe(e));
    }
  }

  /** Bootstrap servers of its Kafka; empty while it does not run. */
  public Optional<String> kafka() {
    try {
      return data.runningPid().isEmpty()
          ? Optional.empty()
          : Optional.of(Files.readString(Kafka.bootstrapFile(data)).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Removes what an earlier run announced. */
  static void retract(DataDirectory data) {
    try {
      Files.deleteIfExists(serverFile(data));
    } catch (IOException e) {
      throw new StartFailure("cannot remove " + serverFile(data) + ": " + StartFailure.describe(e));
    }
  }

  /**
   * What {@code /readyz?verbose} says.
   *
   * @param ready everything is up
   * @param text a line per check, or why nobody could be asked
   */
  public record Readiness(boolean ready, String text) {}

  /** Asks the API server; waits a few seconds at most. */
  public Readiness readiness() {
    if (server.isEmpty()) {
      return new Readiness(false, "starting");
    }
    return readiness(server, data.pki().resolve("ca.crt"));
  }

  /** The same for any API server, by its URL and the file of its authority. */
  public static Readiness readiness(String server, Path authority) {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(trusting(authority)).connectTimeout(TIMEOUT).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server + "/readyz?verbose")).timeout(TIMEOUT).build();
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Readiness(answer.statusCode() == 200, server + "\n" + answer.body());
    } catch (IOException | GeneralSecurityException e) {
      return new Readiness(false, server + " does not answer: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Readiness(false, "interrupted");
    }
  }

  /** What its clients trust: its own authority. */
  SSLContext trusting() throws IOException, GeneralSecurityException {
    return trusting(data.pki().resolve("ca.crt"));
  }

  private static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var in = Files.newInputStream(authority)) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static Path serverFile(DataDirectory data) {
    return data.path().resolve("server");
  }
}
