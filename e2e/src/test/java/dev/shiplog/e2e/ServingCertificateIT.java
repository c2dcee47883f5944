package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever renews the API server's certificate need not start it again. */
@ExtendWith(SimulatedCluster.class)
final class ServingCertificateIT {

  private static final Duration BOUND = Duration.ofMinutes(1);

  private final Product product;
  private final Path pki;

  ServingCertificateIT(Product product) {
    this.product = product;
    this.pki = product.data().resolve("pki");
  }

  /** Without its end, which nobody minds who trusts that: others use the same cluster. */
  @Test
  void anotherChainInTheSameFileIsShownFromThenOn() throws Exception {
    Path file = pki.resolve("apiserver-chain.crt");
    String before = Files.readString(file);
    List<Certificate> chain = shown();
    assertThat(chain).hasSize(2);

    Files.writeString(file, Files.readString(pki.resolve("apiserver.crt")));

    try {
      awaitShown(chain.subList(0, 1));
    } finally {
      Files.writeString(file, before);
    }
    awaitShown(chain);
  }

  /** In the moment of the change Vert.x resets connections. */
  private void awaitShown(List<Certificate> chain) {
    Awaitility.await()
        .atMost(BOUND)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> shown().equals(chain));
  }

  private List<Certificate> shown() throws IOException, GeneralSecurityException {
    URI server = URI.create(product.server());
    try (SSLSocket socket =
        (SSLSocket)
            trusting().getSocketFactory().createSocket(server.getHost(), server.getPort())) {
      return List.of(socket.getSession().getPeerCertificates());
    }
  }

  private SSLContext trusting() throws IOException, GeneralSecurityException {
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    authorities.load(null);
    try (InputStream ca = Files.newInputStream(pki.resolve("ca.crt"))) {
      authorities.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(ca));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
