package dev.shiplog.api.certificates;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;

/** Signs certificates with the cluster's authority. Any thread. */
public final class CertificateSigner {

  /** Clocks differ a little: a certificate is good from a moment before it was signed. */
  private static final Duration BEFORE = Duration.ofMinutes(5);

  private static final int SERIAL_BITS = 127;

  private final X509CertificateHolder authority;
  private final PrivateKey key;
  private final SecureRandom random;

  private CertificateSigner(X509CertificateHolder authority, PrivateKey key, SecureRandom random) {
    this.authority = authority;
    this.key = key;
    this.random = random;
  }

  /**
   * Reads the authority.
   *
   * @throws IOException if one of the files cannot be read or holds something else
   */
  public static CertificateSigner read(Path certificate, Path keyFile, SecureRandom random)
      throws IOException {
    if (!(first(certificate) instanceof X509CertificateHolder authority)) {
      throw new IOException(certificate + " holds no certificate in PEM form");
    }
    PrivateKeyInfo info =
        switch (first(keyFile)) {
          case PEMKeyPair pair -> pair.getPrivateKeyInfo();
          case PrivateKeyInfo own -> own;
          case null, default ->
              throw new IOException(keyFile + " holds no private key in PEM form");
        };
    return new CertificateSigner(authority, new JcaPEMKeyConverter().getPrivateKey(info), random);
  }

  private static Object first(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(reader)) {
      return parser.readObject();
    }
  }

  /**
   * Signs a request.
   *
   * @param lasts from now; never longer than the authority
   * @return the certificate in PEM form
   * @throws GeneralSecurityException if the request is not signed by the key it names
   */
  String sign(SigningRequest request, Instant now, Duration lasts) throws GeneralSecurityException {
    try {
      var asked = request.asked();
      var publicKey = asked.getSubjectPublicKeyInfo();
      if (!asked.isSignatureValid(new JcaContentVerifierProviderBuilder().build(publicKey))) {
        throw new GeneralSecurityException("the request is not signed by its own key");
      }
      Instant end = now.plus(lasts);
      Instant last = authority.getNotAfter().toInstant();
      X509v3CertificateBuilder certificate =
          new X509v3CertificateBuilder(
              authority.getSubject(),
              new BigInteger(SERIAL_BITS, random),
              Date.from(now.minus(BEFORE)),
              Date.from(end.isAfter(last) ? last : end),
              asked.getSubject(),
              publicKey);
      extend(certificate, request);
      String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      return pem(certificate.build(new JcaContentSignerBuilder(algorithm).build(key)));
    } catch (IOException | OperatorCreationException | PKCSException e) {
      throw new GeneralSecurityException("the request cannot be signed: " + e.getMessage(), e);
    }
  }

  private static void extend(X509v3CertificateBuilder certificate, SigningRequest request)
      throws IOException {
    Set<String> usages = request.usages();
    int bits =
        (usages.contains("digital signature") ? KeyUsage.digitalSignature : 0)
            | (usages.contains("key encipherment") ? KeyUsage.keyEncipherment : 0);
    List<KeyPurposeId> purposes = new ArrayList<>();
    if (usages.contains("client auth")) {
      purposes.add(KeyPurposeId.id_kp_clientAuth);
    }
    if (usages.contains("server auth")) {
      purposes.add(KeyPurposeId.id_kp_serverAuth);
    }
    certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    if (bits != 0) {
      certificate.addExtension(Extension.keyUsage, true, new KeyUsage(bits));
    }
    certificate.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
    var names = request.alternativeNames();
    if (names.isPresent()) {
      certificate.addExtension(Extension.subjectAlternativeName, false, names.get());
    }
  }

  private static String pem(X509CertificateHolder certificate) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(certificate);
    }
    return text.toString();
  }
}
