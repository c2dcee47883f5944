package dev.shiplog.agent.identity;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** A P-256 key that no certificate is for yet. Immutable. */
final class NewKey {

  private static final Duration PASSING = Duration.ofDays(1);

  private final KeyPair pair;

  NewKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      pair = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK makes EC keys", e);
    }
  }

  /** The key, PKCS#8, as PEM. */
  String pem() {
    return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  /** A PKCS#10 request for a certificate, as PEM. */
  String request(Wanted wanted) {
    try {
      var request = new JcaPKCS10CertificationRequestBuilder(wanted.subject(), pair.getPublic());
      if (wanted.alternativeNames().length > 0) {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(
            Extension.subjectAlternativeName, false, new GeneralNames(wanted.alternativeNames()));
        request.addAttribute(
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      }
      return pem("CERTIFICATE REQUEST", request.build(signer()).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An identity that nobody has confirmed, until there is one that somebody has. */
  Identity selfSigned(Wanted wanted, Instant now) {
    var certificate =
        new JcaX509v3CertificateBuilder(
            wanted.subject(),
            BigInteger.valueOf(now.toEpochMilli()),
            Date.from(now),
            Date.from(now.plus(PASSING)),
            wanted.subject(),
            pair.getPublic());
    try {
      return new Identity(pem("CERTIFICATE", certificate.build(signer()).getEncoded()), pem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ContentSigner signer() {
    try {
      return new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("every JDK signs with SHA256withECDSA", e);
    }
  }

  private static String pem(String type, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
