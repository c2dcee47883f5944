package dev.shiplog.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.journal.UserInfo;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientCertificatesTest {

  private static Optional<UserInfo> userOf(String subject) throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    X500Name name = new X500Name(subject);
    var holder =
        new JcaX509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(Instant.parse("2026-01-01T00:00:00Z")),
                Date.from(Instant.parse("2027-01-01T00:00:00Z")),
                name,
                keys.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    return ClientCertificates.userOf(new JcaX509CertificateConverter().getCertificate(holder));
  }

  @Test
  void theCommonNameIsTheUserAndOrganizationsAreTheGroups() throws Exception {
    UserInfo user = userOf("O=developers,O=testers,OU=attic,CN=jane").orElseThrow();

    assertThat(user.username()).isEqualTo("jane");
    assertThat(user.groups()).containsExactly("developers", "testers");
  }

  /** The shortest attribute comes first in what is signed, whatever it is. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "O=system:nodes,SERIALNUMBER=jane+CN=system:node:a",
        "O=system:nodes,CN=system:node:a+SERIALNUMBER=jane",
        "O=system:nodes+OU=x,UID=root+CN=system:node:a"
      })
  void whatStandsBesideTheCommonNameIsNobodysName(String subject) throws Exception {
    UserInfo user = userOf(subject).orElseThrow();

    assertThat(user.username()).isEqualTo("system:node:a");
    assertThat(user.groups()).containsExactly("system:nodes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CN=jane,CN=admin", "CN=jane+CN=admin", "O=system:masters", "OU=x"})
  void whoHasNoNameOrSeveralIsNobody(String subject) throws Exception {
    assertThat(userOf(subject)).isEmpty();
  }
}
