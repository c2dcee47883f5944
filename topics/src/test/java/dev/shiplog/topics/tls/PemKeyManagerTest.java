package dev.shiplog.topics.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that were made with {@code openssl} and are good for a hundred years. */
class PemKeyManagerTest {

  private static final int TIMEOUT_MS = 10_000;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"elliptic", "rsa"})
  void bothEndsShowWhoTheyAre(String kind) throws Exception {
    PemKeyManager keys = keys(kind + ".crt", kind + ".key");

    assertEquals("CN=" + kind, clientSeenBy(context(keys, kind), context(keys, kind)));
  }

  @Test
  void oneFileMayHoldCertificateAndKey() throws Exception {
    PemKeyManager keys = keys("together.pem", "together.pem");

    assertEquals("CN=elliptic", clientSeenBy(context(keys, "elliptic"), context(keys, "elliptic")));
  }

  @Test
  void aClientDoesNotShowACertificateOfAnotherAuthority() throws Exception {
    SSLContext server = context(keys("elliptic.crt", "elliptic.key"), "elliptic");
    SSLContext stranger = context(keys("rsa.crt", "rsa.key"), "elliptic");

    assertThrows(SSLException.class, () -> clientSeenBy(server, stranger));
  }

  @Test
  void aKeyInAnotherFormIsLeftToOthers() throws Exception {
    assertTrue(PemKeyManager.read(file("elliptic.crt"), file("sec1.key")).isEmpty());
  }

  @Test
  void aKeyOfAnotherKindThanTheCertificateIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> PemKeyManager.read(file("elliptic.crt"), file("rsa.key")));
  }

  @Test
  void aFileThatEndsInTheMiddleIsRefused() throws Exception {
    String whole = Files.readString(file("elliptic.key"));
    Path half = Files.writeString(directory.resolve("half.key"), whole.substring(0, 60));

    assertThrows(
        IllegalArgumentException.class, () -> PemKeyManager.read(file("elliptic.crt"), half));
  }

  private PemKeyManager keys(String certificate, String key) throws Exception {
    return PemKeyManager.read(file(certificate), file(key)).orElseThrow();
  }

  private Path file(String name) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      try (InputStream content = PemKeyManagerTest.class.getResourceAsStream(name)) {
        Files.copy(content, file);
      }
    }
    return file;
  }

  /** Trusts one certificate. */
  private SSLContext context(PemKeyManager keys, String trusted) throws Exception {
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    store.setCertificateEntry("trusted", certificate(trusted));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {keys}, trust.getTrustManagers(), null);
    return context;
  }

  private Certificate certificate(String name) throws Exception {
    try (InputStream in = Files.newInputStream(file(name + ".crt"))) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  /** What a server that asks for certificates knows of its client. */
  private static String clientSeenBy(SSLContext server, SSLContext client) throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (SSLServerSocket listening =
        (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, here)) {
      listening.setNeedClientAuth(true);
      listening.setSoTimeout(TIMEOUT_MS);
      CompletableFuture<Void> asked =
          CompletableFuture.runAsync(() -> ask(client, here, listening.getLocalPort()));
      try (SSLSocket accepted = (SSLSocket) listening.accept()) {
        accepted.setSoTimeout(TIMEOUT_MS);
        accepted.startHandshake();
        accepted.getOutputStream().write(1);
        var shown = (X509Certificate) accepted.getSession().getPeerCertificates()[0];
        return shown.getSubjectX500Principal().getName();
      } finally {
        var _ = asked.exceptionally(refused -> null).join();
      }
    }
  }

  private static void ask(SSLContext client, InetAddress host, int port) {
    try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(host, port)) {
      socket.setSoTimeout(TIMEOUT_MS);
      socket.startHandshake();
      var _ = socket.getInputStream().read();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
