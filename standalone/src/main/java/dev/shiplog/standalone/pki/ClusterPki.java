package dev.shiplog.standalone.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * The keys and certificates of one cluster in one directory. What is missing, about to expire, or
 * lacks a host is made; the rest is kept, so that clients' copies stay valid. Used by one thread.
 */
public final class ClusterPki {

  private static final Duration RENEWED_BEFORE = Duration.ofDays(30);

  private final Path directory;
  private final InstantSource clock;
  private final SecureRandom random;
  private final CertificateAuthority authority;

  private ClusterPki(
      Path directory, InstantSource clock, SecureRandom random, CertificateAuthority authority) {
    this.directory = directory;
    this.clock = clock;
    this.random = random;
    this.authority = authority;
  }

  /**
   * Opens the directory; makes it and the authority if they are missing.
   *
   * @throws UncheckedIOException if files cannot be read or written
   */
  public static ClusterPki open(Path directory, InstantSource clock, SecureRandom random) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make directory " + directory, e);
    }
    CertFiles files = new CertFiles(directory.resolve("ca.crt"), directory.resolve("ca.key"));
    if (!files.exist()) {
      CertificateAuthority made = CertificateAuthority.create(clock, random);
      Pem.write(made.credential(), files.certificate(), files.key());
    }
    Credential own = Pem.read(files.certificate(), files.key());
    return new ClusterPki(directory, clock, random, new CertificateAuthority(own, clock, random));
  }

  /** The authority's certificate. */
  public Path authorityCertificate() {
    return directory.resolve("ca.crt");
  }

  /** A client certificate. */
  public CertFiles client(String file, String user, String group) {
    return issued(file, new Subject(user, group, List.of()));
  }

  /** A server certificate, which may be used as a client's too. */
  public CertFiles server(String file, String user, String group, Collection<String> hosts) {
    return issued(file, new Subject(user, group, List.copyOf(hosts)));
  }

  /** The key that signs service account tokens. */
  public Path serviceAccountKey() {
    Path key = directory.resolve("sa.key");
    if (!Files.exists(key)) {
      String pem = Pem.text("PRIVATE KEY", Pem.newKeyPair(random).getPrivate().getEncoded());
      Pem.writeText(key, pem, "rw-------");
    }
    return key;
  }

  /** The administrator's bearer token, made once. */
  public String adminToken(Path file) {
    try {
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    String token = HexFormat.of().formatHex(secret);
    Pem.writeText(file, token + "\n", "rw-------");
    return token;
  }

  private CertFiles issued(String file, Subject subject) {
    CertFiles files =
        new CertFiles(directory.resolve(file + ".crt"), directory.resolve(file + ".key"));
    if (!files.exist() || !stillGood(Pem.read(files.certificate(), files.key()), subject)) {
      Pem.write(authority.issue(subject), files.certificate(), files.key());
    }
    return files;
  }

  private boolean stillGood(Credential credential, Subject subject) {
    boolean lasts =
        credential
            .certificate()
            .getNotAfter()
            .toInstant()
            .isAfter(clock.instant().plus(RENEWED_BEFORE));
    boolean ours =
        credential
            .certificate()
            .getIssuerX500Principal()
            .equals(authority.credential().certificate().getSubjectX500Principal());
    return lasts && ours && names(credential).containsAll(subject.hosts());
  }

  private static Collection<String> names(Credential credential) {
    try {
      var names = credential.certificate().getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream().map(name -> String.valueOf(name.get(1))).toList();
    } catch (java.security.cert.CertificateParsingException e) {
      return List.of();
    }
  }
}
