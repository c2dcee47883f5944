package dev.shiplog.agent.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * A private key and the certificate for it. In a file they lie together, so that they are replaced
 * together.
 *
 * @param certificate PEM, the own certificate first
 * @param key PEM, PKCS#8
 */
public record Identity(String certificate, String key) {

  private static final String KEY_BEGINS = "-----BEGIN PRIVATE KEY-----";

  /** Reads one; empty if there is no such file, or it holds something else. */
  public static Optional<Identity> read(Path file) {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      String text = Files.readString(file);
      int key = text.indexOf(KEY_BEGINS);
      if (key <= 0) {
        return Optional.empty();
      }
      Identity identity = new Identity(text.substring(0, key), text.substring(key));
      var _ = identity.leaf();
      return Optional.of(identity);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  /** Replaces the file; nobody else may read it. */
  public void write(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Path draft = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(draft);
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(draft, certificate + key);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** The own certificate. */
  public X509Certificate leaf() {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(certificate.getBytes(StandardCharsets.UTF_8)));
    } catch (CertificateException e) {
      throw new IllegalStateException("this is no certificate", e);
    }
  }

  /** The key stays out of logs. */
  @Override
  public String toString() {
    return "Identity[" + leaf().getSubjectX500Principal().getName() + "]";
  }
}
