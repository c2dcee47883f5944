package dev.shiplog.standalone.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.SignatureException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterPkiTest {

  @TempDir private Path directory;

  @Test
  void whatIsIssuedIsSignedByTheAuthorityAndNamesItsUserAndGroup() throws Exception {
    ClusterPki pki = open(Instant.now());
    Credential admin = read(pki.client("admin", "kubernetes-admin", "system:masters"));
    admin.certificate().verify(authority(pki).getPublicKey());
    assertThat(admin.certificate().getSubjectX500Principal().getName())
        .isEqualTo("CN=kubernetes-admin,O=system:masters");
  }

  @Test
  void aPersonsToolsGetAKeyThatAnyOfThemReads() {
    Credential admin = read(open(Instant.now()).personalClient("admin", "admin", ""));
    assertThat(admin.key().getAlgorithm()).isEqualTo("RSA");
  }

  @Test
  void aServerCertificateHoldsNamesAndAddresses() throws Exception {
    Credential server =
        read(open(Instant.now()).server("api", "api", "", List.of("localhost", "127.0.0.1")));
    assertThat(server.certificate().getSubjectAlternativeNames())
        .extracting(name -> (String) name.get(1))
        .containsExactlyInAnyOrder("localhost", "127.0.0.1");
  }

  @Test
  void whatIsStillGoodIsKept() throws Exception {
    byte[] first = bytes(open(Instant.now()).client("admin", "admin", ""));
    assertThat(bytes(open(Instant.now()).client("admin", "admin", ""))).isEqualTo(first);
  }

  @Test
  void aCertificateAboutToExpireIsRenewed() throws Exception {
    Credential first = read(open(Instant.now()).client("admin", "admin", ""));
    Instant later = Instant.now().plus(Duration.ofDays(340));
    Credential second = read(open(later).client("admin", "admin", ""));
    assertThat(second.certificate().getNotAfter()).isAfter(first.certificate().getNotAfter());
  }

  @Test
  void aServerCertificateThatLacksAHostIsRenewed() throws Exception {
    read(open(Instant.now()).server("api", "api", "", List.of("localhost")));
    Credential second =
        read(open(Instant.now()).server("api", "api", "", List.of("localhost", "10.0.0.9")));
    assertThat(second.certificate().getSubjectAlternativeNames())
        .extracting(name -> (String) name.get(1))
        .contains("10.0.0.9");
  }

  @Test
  void anotherAuthorityDidNotSignIt(@TempDir Path elsewhere) throws Exception {
    ClusterPki pki = open(Instant.now());
    ClusterPki other =
        ClusterPki.open(
            elsewhere, elsewhere, InstantSource.fixed(Instant.now()), new SecureRandom());
    Credential admin = read(pki.client("admin", "admin", ""));
    assertThatThrownBy(() -> admin.certificate().verify(authority(other).getPublicKey()))
        .isInstanceOf(SignatureException.class);
  }

  @Test
  void serversThatShareAnAuthorityTrustEachOther(@TempDir Path second) throws Exception {
    ClusterPki first = open(Instant.now());
    ClusterPki joined =
        ClusterPki.open(directory, second, InstantSource.fixed(Instant.now()), new SecureRandom());

    Credential peer = read(joined.client("peer", "system:shiplog:apiserver", ""));

    peer.certificate().verify(authority(first).getPublicKey());
    assertThat(Files.readString(joined.serviceAccountKey()))
        .isEqualTo(Files.readString(first.serviceAccountKey()));
    assertThat(Files.readAllBytes(second.resolve("ca.crt")))
        .isEqualTo(Files.readAllBytes(first.authorityCertificate()));
  }

  @Test
  void aCertificateOfAnAuthorityGivenUpIsMadeAgain(@TempDir Path other) throws Exception {
    read(open(Instant.now()).client("admin", "admin", ""));

    ClusterPki moved =
        ClusterPki.open(other, directory, InstantSource.fixed(Instant.now()), new SecureRandom());

    read(moved.client("admin", "admin", "")).certificate().verify(authority(moved).getPublicKey());
  }

  @Test
  void keysAndTokensAreForTheOwnerAlone() throws Exception {
    ClusterPki pki = open(Instant.now());
    Path token = directory.resolve("admin.token");
    pki.adminToken(token);
    assertThat(List.of(directory.resolve("ca.key"), pki.serviceAccountKey(), token))
        .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
  }

  @Test
  void theAdministratorsTokenStaysTheSame() {
    Path token = directory.resolve("admin.token");
    String first = open(Instant.now()).adminToken(token);
    assertThat(first).hasSize(64);
    assertThat(open(Instant.now()).adminToken(token)).isEqualTo(first);
  }

  private ClusterPki open(Instant now) {
    return ClusterPki.open(directory, directory, InstantSource.fixed(now), new SecureRandom());
  }

  private static java.security.cert.X509Certificate authority(ClusterPki pki) throws Exception {
    Path file = pki.authorityCertificate();
    return Pem.read(file, file.resolveSibling("ca.key")).certificate();
  }

  private static Credential read(CertFiles files) {
    return Pem.read(files.certificate(), files.key());
  }

  private static byte[] bytes(CertFiles files) throws Exception {
    return Files.readAllBytes(files.certificate());
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
