package dev.shiplog.standalone;

import dev.shiplog.standalone.pki.CertFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;

/**
 * A kubeconfig with one cluster, one user and one context, everything embedded, so that the file
 * can be copied elsewhere.
 *
 * @param server URL of the API server
 * @param authority the cluster's CA certificate
 * @param user how the user shows who they are: lines of the file's {@code user}
 */
record Kubeconfig(String server, Path authority, List<String> user) {

  /** For a user with a client certificate. */
  static Kubeconfig withCertificate(String server, Path authority, CertFiles client) {
    return new Kubeconfig(
        server,
        authority,
        List.of(
            "client-certificate-data: " + base64(client.certificate()),
            "client-key-data: " + base64(client.key())));
  }

  /** For a user with a bearer token. */
  static Kubeconfig withToken(String server, Path authority, String token) {
    return new Kubeconfig(server, authority, List.of("token: " + token));
  }

  void write(Path file) {
    try {
      Path absolute = file.toAbsolutePath();
      Files.createDirectories(absolute.getParent());
      Path draft = absolute.resolveSibling(absolute.getFileName() + ".new");
      Files.deleteIfExists(draft);
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(draft, text());
      Files.move(
          draft,
          absolute,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the kubeconfig " + file, e);
    }
  }

  private String text() {
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - name: shiplog
      cluster:
        server: %s
        certificate-authority-data: %s
    users:
    - name: shiplog-admin
      user:
        %s
    contexts:
    - name: shiplog
      context:
        cluster: shiplog
        user: shiplog-admin
    current-context: shiplog
    """
        .formatted(server, base64(authority), String.join("\n    ", user));
  }

  private static String base64(Path file) {
    try {
      return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
