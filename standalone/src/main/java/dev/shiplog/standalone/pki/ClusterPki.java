package dev.shiplog.standalone.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * The keys and certificates of a cluster: those that all its servers share in one directory, those
 * of this server in another, which may be the same. What is missing, about to expire, or lacks a
 * host is made; the rest is kept, so that clients' copies stay valid. Used by one thread; the
 * shared directory may be used by several processes.
 */
public final class ClusterPki {

  private static final Duration RENEWED_BEFORE = Duration.ofDays(30);

  private final Path shared;
  private final Path directory;
  private final InstantSource clock;
  private final SecureRandom random;
  private final CertificateAuthority authority;

  private ClusterPki(
      Path shared,
      Path directory,
      InstantSource clock,
      SecureRandom random,
      CertificateAuthority authority) {
    this.shared = shared;
    this.directory = directory;
    this.clock = clock;
    this.random = random;
    this.authority = authority;
  }

  /**
   * Opens the directories; makes them and the authority if they are missing.
   *
   * @param shared where the authority is, and the key for service accounts
   * @param directory where certificates of this server go
   * @throws UncheckedIOException if files cannot be read or written
   */
  public static ClusterPki open(
      Path shared, Path directory, InstantSource clock, SecureRandom random) {
    make(shared);
    make(directory);
    CertFiles files = new CertFiles(shared.resolve("ca.crt"), shared.resolve("ca.key"));
    // Of several servers that start at once, one makes what they share.
    try (FileChannel _ = lock(shared)) {
      if (!files.exist()) {
        CertificateAuthority made = CertificateAuthority.create(clock, random);
        Pem.write(made.credential(), files.certificate(), files.key());
      }
      makeServiceAccountKey(shared, random);
      // Whoever looks at this server's directory alone is to find whom to trust.
      Path copy = directory.resolve("ca.crt");
      if (!shared.equals(directory)) {
        Files.copy(files.certificate(), copy, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use directory " + shared, e);
    }
    Credential own = Pem.read(files.certificate(), files.key());
    return new ClusterPki(
        shared, directory, clock, random, new CertificateAuthority(own, clock, random));
  }

  private static void make(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make directory " + directory, e);
    }
  }

  /** Waits until no other process has it; closing the channel gives it back. */
  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock _ = channel.lock();
    return channel;
  }

  private static void makeServiceAccountKey(Path shared, SecureRandom random) {
    Path key = shared.resolve("sa.key");
    if (!Files.exists(key)) {
      String pem = Pem.text("PRIVATE KEY", KeyKind.EC.generate(random).getPrivate().getEncoded());
      Pem.writeText(key, pem, "rw-------");
    }
  }

  /** The authority's certificate. */
  public Path authorityCertificate() {
    return shared.resolve("ca.crt");
  }

  /** The same, as text. */
  public String authorityPem() {
    try {
      return Files.readString(authorityCertificate());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + authorityCertificate(), e);
    }
  }

  /** A client certificate. */
  public CertFiles client(String file, String user, String group) {
    return issued(file, new Subject(user, group, List.of(), KeyKind.EC));
  }

  /** A client certificate for a person's tools, whatever they are. */
  public CertFiles personalClient(String file, String user, String group) {
    return issued(file, new Subject(user, group, List.of(), KeyKind.RSA));
  }

  /** A server certificate, which may be used as a client's too. */
  public CertFiles server(String file, String user, String group, Collection<String> hosts) {
    return issued(file, new Subject(user, group, List.copyOf(hosts), KeyKind.EC));
  }

  /** A key and its certificate in one file, for those who read them so. */
  public Path together(CertFiles files) {
    Path file = Path.of(files.key().toString().replaceFirst("\\.key$", ".pem"));
    try {
      Pem.writeText(
          file,
          Files.readString(files.key()) + Files.readString(files.certificate()) + authorityPem(),
          "rw-------");
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + files, e);
    }
  }

  /**
   * A server's certificate followed by that of its authority: who knows the authority by a hash
   * alone finds it there.
   */
  public Path chain(CertFiles files) {
    Path file = Path.of(files.certificate().toString().replaceFirst("\\.crt$", "-chain.crt"));
    try {
      Pem.writeText(file, Files.readString(files.certificate()) + authorityPem(), "rw-r--r--");
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + files, e);
    }
  }

  /** The key that signs service account tokens. */
  public Path serviceAccountKey() {
    return shared.resolve("sa.key");
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
    boolean kind = credential.key().getAlgorithm().equals(subject.key().name());
    return lasts && kind && isOurs(credential) && names(credential).containsAll(subject.hosts());
  }

  private boolean isOurs(Credential credential) {
    try {
      credential.certificate().verify(authority.credential().certificate().getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
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
