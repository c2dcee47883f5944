package dev.shiplog.standalone.pki;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates for the parts of one cluster. Used by one thread. */
final class CertificateAuthority {

  private static final Duration CA_LIFE = Duration.ofDays(3650);
  private static final Duration LEAF_LIFE = Duration.ofDays(365);

  /** Certificates start to hold a little early, so that a clock that is behind accepts them. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private final Credential own;
  private final InstantSource clock;
  private final SecureRandom random;

  CertificateAuthority(Credential own, InstantSource clock, SecureRandom random) {
    this.own = own;
    this.clock = clock;
    this.random = random;
  }

  /** A new authority with a key of its own. */
  static CertificateAuthority create(InstantSource clock, SecureRandom random) {
    KeyPair keys = KeyKind.EC.generate(random);
    X500Name name = new X500Name("CN=shiplog-ca");
    try {
      JcaX509v3CertificateBuilder builder =
          builder(name, name, keys, clock.instant(), CA_LIFE, random);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      Credential own = new Credential(keys.getPrivate(), sign(builder, keys));
      return new CertificateAuthority(own, clock, random);
    } catch (java.security.GeneralSecurityException | CertIOException e) {
      throw new IllegalStateException("could not make a certificate authority", e);
    }
  }

  Credential credential() {
    return own;
  }

  /** Signs a certificate with a new key for the subject. */
  Credential issue(Subject subject) {
    KeyPair keys = subject.key().generate(random);
    X500Name issuer =
        X500Name.getInstance(own.certificate().getSubjectX500Principal().getEncoded());
    try {
      JcaX509v3CertificateBuilder builder =
          builder(issuer, subject.name(), keys, clock.instant(), LEAF_LIFE, random);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes(subject)));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(own.certificate()));
      if (subject.alternativeNames().length > 0) {
        builder.addExtension(
            Extension.subjectAlternativeName, false, new GeneralNames(subject.alternativeNames()));
      }
      KeyPair issuerKeys = new KeyPair(own.certificate().getPublicKey(), own.key());
      return new Credential(keys.getPrivate(), sign(builder, issuerKeys));
    } catch (java.security.GeneralSecurityException | CertIOException e) {
      throw new IllegalStateException("could not sign a certificate for " + subject, e);
    }
  }

  private static KeyPurposeId[] purposes(Subject subject) {
    return subject.alternativeNames().length > 0
        ? new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}
        : new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer,
      X500Name name,
      KeyPair keys,
      Instant now,
      Duration life,
      SecureRandom random) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, random),
        Date.from(now.minus(BACKDATED)),
        Date.from(now.plus(life)),
        name,
        keys.getPublic());
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair issuer)
      throws java.security.cert.CertificateException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("this JDK cannot sign with SHA256withECDSA", e);
    }
  }
}
