package dev.shiplog.api.http;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority, a server it knows and an administrator it knows, as PEM files; the server under
 * test is configured with them.
 */
public final class TlsFiles implements QuarkusTestResourceLifecycleManager {

  private static final Path FOLDER = folder();

  private final KeyPair authority = keys();
  private int serial;

  static Path file(String name) {
    return FOLDER.resolve(name);
  }

  /** For clients to whom it does not matter whom they speak to. */
  static SSLContext trusting() throws GeneralSecurityException {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {new TrustsAll()}, null);
    return tls;
  }

  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Override
  public Map<String, String> start() {
    try {
      write("ca.crt", certificate("CN=test-ca", authority, true));
      pair("server", "CN=server");
      pair("admin", "CN=boss,O=system:masters");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.tls.key-store.pem.server.cert", file("server.crt").toString());
    settings.put("quarkus.tls.key-store.pem.server.key", file("server.key").toString());
    settings.put("quarkus.tls.trust-store.pem.certs", file("ca.crt").toString());
    settings.put("shiplog.api.client-ca-file", file("ca.crt").toString());
    settings.put("shiplog.api.kubelet-client-cert", file("admin.crt").toString());
    settings.put("shiplog.api.kubelet-client-key", file("admin.key").toString());
    // Impatient, so that it can be seen that it is.
    settings.put("shiplog.api.body-timeout", "3s");
    settings.put("shiplog.api.max-watches-per-user", "20");
    settings.put("shiplog.api.max-streams-per-user", "5");
    return settings;
  }

  @Override
  public void stop() {}

  private void pair(String name, String subject) throws IOException {
    KeyPair keys = keys();
    write(name + ".crt", certificate(subject, keys, false));
    write(name + ".key", new JcaPKCS8Generator(keys.getPrivate(), null));
  }

  private X509Certificate certificate(String subject, KeyPair keys, boolean ca) {
    try {
      X509v3CertificateBuilder builder = builder(subject, keys);
      extend(builder, ca);
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("JavaUtilDate") // what the builder takes
  private X509v3CertificateBuilder builder(String subject, KeyPair keys) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        new X500Name("CN=test-ca"),
        BigInteger.valueOf(++serial),
        Date.from(now.minus(Duration.ofHours(1))),
        Date.from(now.plus(Duration.ofHours(1))),
        new X500Name(subject),
        keys.getPublic());
  }

  private static void extend(X509v3CertificateBuilder builder, boolean ca) throws CertIOException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
    if (!ca) {
      KeyPurposeId[] uses = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
      GeneralName[] names = {
        new GeneralName(GeneralName.dNSName, "localhost"),
        new GeneralName(GeneralName.dNSName, "*.default.svc"),
        new GeneralName(GeneralName.iPAddress, "127.0.0.1")
      };
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(uses));
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(String name, Object content) throws IOException {
    try (Writer out = Files.newBufferedWriter(file(name));
        JcaPEMWriter pem = new JcaPEMWriter(out)) {
      pem.writeObject(content);
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "tls");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
