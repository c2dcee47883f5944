package dev.shiplog.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.journal.UserInfo;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientCertificatesTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path directory;

  private final Authority ours = Authority.named("CN=ours");

  /** Who signs certificates. */
  private record Authority(KeyPair keys, X509Certificate certificate) {

    static Authority named(String name) {
      KeyPair keys = pair();
      return new Authority(keys, sign(name, keys, name, keys, NOW.minus(DAY), null));
    }

    X509Certificate issue(String subject) {
      return issue(subject, NOW.minus(DAY), KeyPurposeId.id_kp_clientAuth);
    }

    X509Certificate issue(String subject, Instant from, KeyPurposeId purpose) {
      String issuer = certificate.getSubjectX500Principal().getName();
      return sign(issuer, keys, subject, pair(), from, purpose);
    }

    private static KeyPair pair() {
      try {
        return KeyPairGenerator.getInstance("EC").generateKeyPair();
      } catch (java.security.GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Good for two days; of an authority if it has no purpose. */
    private static X509Certificate sign(
        String issuer,
        KeyPair signing,
        String subject,
        KeyPair signed,
        Instant from,
        KeyPurposeId purpose) {
      try {
        var builder =
            new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                BigInteger.ONE,
                Date.from(from),
                Date.from(from.plus(DAY).plus(DAY)),
                new X500Name(subject),
                signed.getPublic());
        if (purpose == null) {
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        } else {
          builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        }
        return new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(signing.getPrivate())));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A session whose peer showed these; none: no certificate. */
  private static Credentials shown(X509Certificate... chain) {
    Map<Object, Object> values = new HashMap<>();
    SSLSession session =
        (SSLSession)
            Proxy.newProxyInstance(
                ClientCertificatesTest.class.getClassLoader(),
                new Class<?>[] {SSLSession.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "getPeerCertificates" -> {
                        if (chain.length == 0) {
                          throw new SSLPeerUnverifiedException("none");
                        }
                        yield chain;
                      }
                      case "getValue" -> values.get(arguments[0]);
                      case "putValue" -> values.put(arguments[0], arguments[1]);
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    return Credentials.of(Optional.of(session), Optional.empty(), Credentials.Headers.NONE);
  }

  private Optional<UserInfo> user(X509Certificate... chain) {
    return new ClientCertificates(List.of(ours.certificate()), () -> NOW)
        .authenticate(shown(chain));
  }

  private Path file(Authority authority, Instant modified) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(authority.certificate());
    }
    Path file = Files.writeString(directory.resolve("ca.crt"), text.toString());
    return Files.setLastModifiedTime(file, FileTime.from(modified));
  }

  @Test
  void theCommonNameIsTheUserAndOrganizationsAreTheGroups() {
    UserInfo user = user(ours.issue("O=developers,O=testers,OU=attic,CN=jane")).orElseThrow();

    assertThat(user.username()).isEqualTo("jane");
    assertThat(user.groups()).containsExactly("developers", "testers");
  }

  @Test
  void anAttributeTellsWhichCertificateWasShown() throws Exception {
    X509Certificate shown = ours.issue("CN=jane");
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(shown.getEncoded());

    assertThat(user(shown).orElseThrow().extra())
        .isEqualTo(
            Map.of(
                "authentication.kubernetes.io/credential-id",
                List.of("X509SHA256=" + HexFormat.of().formatHex(hash))));
  }

  @Test
  void whoShowsNothingOrSomethingOfAnotherAuthorityIsNobody() {
    Authority foreign = Authority.named("CN=foreign");
    X509Certificate forged = foreign.issue("CN=jane");
    X509Certificate ofItsName = Authority.named("CN=ours").issue("CN=jane");

    assertThat(user()).isEmpty();
    assertThat(user(forged)).isEmpty();
    assertThat(user(forged, foreign.certificate())).isEmpty();
    assertThat(user(forged, ours.certificate())).isEmpty();
    assertThat(user(ofItsName)).isEmpty();
    // A certificate for a client signs for nobody.
    assertThat(user(foreign.issue("CN=eve"), ours.issue("CN=foreign"))).isEmpty();
  }

  @Test
  void aCertificateCountsInItsTimeAndForClientsAlone() {
    KeyPurposeId client = KeyPurposeId.id_kp_clientAuth;

    assertThat(user(ours.issue("CN=jane", NOW.minus(DAY.multipliedBy(3)), client))).isEmpty();
    assertThat(user(ours.issue("CN=jane", NOW.plus(DAY), client))).isEmpty();
    assertThat(user(ours.issue("CN=jane", NOW.minus(DAY), KeyPurposeId.id_kp_serverAuth)))
        .isEmpty();
    assertThat(user(ours.issue("CN=jane", NOW.minus(DAY), client))).isPresent();
  }

  @Test
  void anotherAuthorityInTheFileCountsFromTheNextLookOn() throws IOException {
    Authority next = Authority.named("CN=next");
    Reloading reloading =
        new Reloading(file(ours, NOW), path -> ClientCertificates.fromPem(path, () -> NOW));
    Credentials before = shown(ours.issue("CN=jane"));
    Credentials after = shown(next.issue("CN=joe"));
    assertThat(reloading.authenticate(before)).isPresent();
    assertThat(reloading.authenticate(after)).isEmpty();

    file(next, NOW.plusSeconds(1));
    reloading.look();

    assertThat(reloading.authenticate(before)).isEmpty();
    assertThat(reloading.authenticate(after)).isPresent();
  }

  @Test
  void aFileThatIsNoneOfCertificatesChangesNothing() throws IOException {
    Path file = file(ours, NOW);
    Reloading reloading = new Reloading(file, path -> ClientCertificates.fromPem(path, () -> NOW));

    Files.writeString(file, "-----BEGIN CERTIFICATE-----\nAAAA\n");
    Files.setLastModifiedTime(file, FileTime.from(NOW.plusSeconds(1)));
    reloading.look();

    assertThat(reloading.authenticate(shown(ours.issue("CN=jane")))).isPresent();
  }

  /** The shortest attribute comes first in what is signed, whatever it is. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "O=system:nodes,SERIALNUMBER=jane+CN=system:node:a",
        "O=system:nodes,CN=system:node:a+SERIALNUMBER=jane",
        "O=system:nodes+OU=x,UID=root+CN=system:node:a"
      })
  void whatStandsBesideTheCommonNameIsNobodysName(String subject) {
    UserInfo user = user(ours.issue(subject)).orElseThrow();

    assertThat(user.username()).isEqualTo("system:node:a");
    assertThat(user.groups()).containsExactly("system:nodes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CN=jane,CN=admin", "CN=jane+CN=admin", "O=system:masters", "OU=x"})
  void whoHasNoNameOrSeveralIsNobody(String subject) {
    assertThat(user(ours.issue(subject))).isEmpty();
  }
}
