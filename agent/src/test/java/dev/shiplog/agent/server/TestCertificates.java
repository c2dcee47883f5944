package dev.shiplog.agent.server;

import dev.shiplog.agent.host.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * Certificates made with the JDK's keytool, each of which vouches for itself.
 *
 * @param certificate PEM
 * @param key PEM, PKCS#8
 */
record TestCertificates(Path certificate, Path key) {

  private static final char[] PASSWORD = "secret".toCharArray();
  private static final Duration AT_MOST = Duration.ofSeconds(30);

  static TestCertificates of(Path directory, String name, String subject)
      throws IOException, GeneralSecurityException {
    Path store = directory.resolve(name + ".p12");
    HostCommand.run(
        AT_MOST,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "it",
            "-keyalg",
            "EC",
            "-dname",
            subject,
            "-ext",
            "SAN=dns:localhost,ip:127.0.0.1",
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD)));
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    return new TestCertificates(
        pem(
            directory.resolve(name + ".crt"),
            "CERTIFICATE",
            keys.getCertificate("it").getEncoded()),
        pem(
            directory.resolve(name + ".key"),
            "PRIVATE KEY",
            keys.getKey("it", PASSWORD).getEncoded()));
  }

  private static Path pem(Path file, String label, byte[] content) throws IOException {
    return Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(label, Base64.getMimeEncoder().encodeToString(content), label));
  }
}
