package dev.shiplog.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who connects and does not come to the point is not waited for. */
@ExtendWith(SimulatedCluster.class)
final class SlowConnectionsIT {

  private final Product product;

  SlowConnectionsIT(Product product) {
    this.product = product;
  }

  @Test
  void aHeadThatComesByAByteAtATimeIsCutOff() throws Exception {
    try (Socket client =
        tls().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), product.port())) {
      client.getOutputStream().write("GET /readyz HTTP/1.1\r\nX-Slow: ".getBytes(ISO_8859_1));

      await().atMost(Duration.ofSeconds(30)).until(() -> isCutOff(client));
    }
  }

  @Test
  void whoDoesNotEvenGreetIsCutOff() throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), product.port())) {
      client.setSoTimeout(30_000);

      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static boolean isCutOff(Socket client) {
    try {
      client.getOutputStream().write('x');
      return false;
    } catch (IOException gone) {
      return true;
    }
  }

  private SSLContext tls() throws Exception {
    KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
    known.load(null, null);
    try (var pem = Files.newInputStream(product.data().resolve("pki/ca.crt"))) {
      known.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(known);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
