package dev.shiplog.api.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

final class PeerTrustTest {

  @Test
  void aServerThatEndsWhileItShakesHandsIsNotDistrusted() {
    assertThat(PeerClient.isDistrust(failed(new ClosedChannelException()))).isFalse();
    assertThat(PeerClient.isDistrust(failed(null))).isFalse();
  }

  @Test
  void aCertificateOfAnotherAuthorityIsDistrusted() {
    Throwable refused = new SSLHandshakeException("PKIX path building failed");
    refused.initCause(new CertificateException("no path"));

    assertThat(PeerClient.isDistrust(failed(refused))).isTrue();
  }

  @Test
  void aServerThatRefusesOurCertificateDistrustsUs() {
    Throwable alert = new SSLHandshakeException("(unknown_ca) Received fatal alert: unknown_ca");

    assertThat(PeerClient.isDistrust(failed(alert))).isTrue();
  }

  private static Throwable failed(Throwable cause) {
    Throwable failure = new SSLHandshakeException("Failed to create SSL connection");
    return failure.initCause(cause);
  }
}
