package dev.shiplog.standalone;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A cluster's authority as a hash of its public key, in kubeadm's form {@code sha256:HEX}: short
 * enough for a command line, and enough to know the authority when a server shows it.
 */
record AuthorityPin(String text) {

  private static final String FORM = "sha256:";
  private static final int TIMEOUT_MS = 10_000;

  AuthorityPin {
    text = text.toLowerCase(Locale.ROOT);
    if (!text.matches("sha256:[0-9a-f]{64}")) {
      throw new StartFailure("--ca-hash " + text + " is not sha256: and 64 hex digits");
    }
  }

  static AuthorityPin of(X509Certificate authority) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(authority.getPublicKey().getEncoded());
      return new AuthorityPin(FORM + HexFormat.of().formatHex(digest));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Asks a server for its certificates, tells it nothing, and returns the authority among them.
   *
   * @return PEM
   * @throws StartFailure if it cannot be reached, or shows no certificate with this hash
   */
  String find(ListenAddress server) {
    for (Certificate shown : chainOf(server)) {
      if (shown instanceof X509Certificate certificate
          && certificate.getBasicConstraints() >= 0
          && of(certificate).equals(this)) {
        return pem(certificate);
      }
    }
    throw new StartFailure(
        "the server at "
            + server
            + " shows no authority with --ca-hash "
            + text
            + "; take the line that './shiplog token create' prints, or give --ca-file");
  }

  private static Certificate[] chainOf(ListenAddress server) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      // Nothing is believed here but the hash; whoever answers gets no secret.
      context.init(null, new TrustManager[] {new Anybody()}, null);
      try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
        socket.setSoTimeout(TIMEOUT_MS);
        socket.connect(new InetSocketAddress(server.host(), server.port()), TIMEOUT_MS);
        socket.startHandshake();
        return socket.getSession().getPeerCertificates();
      }
    } catch (IOException e) {
      throw new StartFailure(
          "the API server at " + server + " cannot be reached: " + StartFailure.describe(e));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(X509Certificate certificate) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.US_ASCII);
    try {
      out.print("-----BEGIN CERTIFICATE-----\n");
      out.print(
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded()));
      out.print("\n-----END CERTIFICATE-----\n");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toString(StandardCharsets.US_ASCII);
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
