package dev.shiplog.api.access;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * A key pair for ServiceAccount tokens.
 *
 * @param id names the key in a token's header; follows from the public key
 * @param algorithm JWS name: {@code RS256} or {@code ES256}
 */
public record SigningKey(String id, String algorithm, PrivateKey privateKey, PublicKey publicKey) {

  /**
   * Reads a PEM file with an RSA or P-256 private key.
   *
   * @throws IOException if it cannot be read or holds no such key
   */
  public static SigningKey read(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(reader)) {
      PrivateKeyInfo info =
          switch (parser.readObject()) {
            case PEMKeyPair pair -> pair.getPrivateKeyInfo();
            case PrivateKeyInfo key -> key;
            case null, default -> throw new IOException(file + " holds no private key in PEM form");
          };
      PrivateKey privateKey = new JcaPEMKeyConverter().getPrivateKey(info);
      return of(privateKey, publicKey(privateKey, info));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(file + " holds no RSA or P-256 key: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a PEM file with a public key, or with a private key whose public half is meant.
   *
   * @throws IOException if it cannot be read or holds no such key
   */
  public static SigningKey readPublic(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(reader)) {
      if (parser.readObject() instanceof SubjectPublicKeyInfo info) {
        return of(null, new JcaPEMKeyConverter().getPublicKey(info));
      }
    }
    return read(file);
  }

  /**
   * A key pair.
   *
   * @param privateKey null where it is only to verify
   * @throws IllegalArgumentException if it is neither RSA nor elliptic
   */
  public static SigningKey of(PrivateKey privateKey, PublicKey publicKey) {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "RS256";
          case "EC" -> "ES256";
          default -> throw new IllegalArgumentException(publicKey.getAlgorithm());
        };
    return new SigningKey(idOf(publicKey), algorithm, privateKey, publicKey);
  }

  private static PublicKey publicKey(PrivateKey privateKey, PrivateKeyInfo info)
      throws GeneralSecurityException, IOException {
    return switch (privateKey) {
      case RSAPrivateCrtKey rsa ->
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
      case ECPrivateKey curve -> pointOf(info);
      default -> throw new GeneralSecurityException(privateKey.getAlgorithm());
    };
  }

  private static PublicKey pointOf(PrivateKeyInfo info) throws IOException {
    ECPrivateKeyParameters key = (ECPrivateKeyParameters) PrivateKeyFactory.createKey(info);
    SubjectPublicKeyInfo point =
        SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
            new ECPublicKeyParameters(
                key.getParameters().getG().multiply(key.getD()).normalize(), key.getParameters()));
    return new JcaPEMKeyConverter().getPublicKey(point);
  }

  private static String idOf(PublicKey key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 16));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
