package dev.shiplog.topics.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * One key and its certificates, as TLS asks for them. The JDK's own way leads through a key store,
 * which encrypts the key under a password and decrypts it again, with ten thousand rounds of a hash
 * each time: for a store that nobody else sees, and at the start of a process, that is a good part
 * of the start. Immutable; any thread.
 */
public final class PemKeyManager extends X509ExtendedKeyManager {

  private static final String ALIAS = "own";

  private final List<X509Certificate> chain;
  private final PrivateKey key;

  private PemKeyManager(List<X509Certificate> chain, PrivateKey key) {
    this.chain = chain;
    this.key = key;
  }

  /**
   * Reads PEM files, which may be one and the same.
   *
   * @param certificates the own certificate first, then those between it and the authority
   * @param key its private key
   * @return empty if the key is in another form than PKCS#8
   * @throws UncheckedIOException if a file cannot be read
   * @throws IllegalArgumentException if one of them is damaged, or the key is not the certificate's
   *     kind
   */
  public static Optional<PemKeyManager> read(Path certificates, Path key) {
    try {
      return parsed(certificates, key);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + certificates + " or " + key, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          certificates + " and " + key + " are no certificate and its key: " + e.getMessage(), e);
    }
  }

  private static Optional<PemKeyManager> parsed(Path certificates, Path key)
      throws IOException, GeneralSecurityException {
    List<byte[]> keys = blocks(key, "PRIVATE KEY");
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    List<X509Certificate> chain = new ArrayList<>();
    for (byte[] block : blocks(certificates, "CERTIFICATE")) {
      chain.add(certificate(block));
    }
    if (chain.isEmpty()) {
      throw new GeneralSecurityException(certificates + " holds no certificate");
    }
    KeyFactory factory = KeyFactory.getInstance(chain.getFirst().getPublicKey().getAlgorithm());
    PrivateKey own = factory.generatePrivate(new PKCS8EncodedKeySpec(keys.getFirst()));
    return Optional.of(new PemKeyManager(List.copyOf(chain), own));
  }

  private static X509Certificate certificate(byte[] encoded) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  /** What a file holds under one heading, among whatever else. */
  private static List<byte[]> blocks(Path file, String heading)
      throws IOException, GeneralSecurityException {
    String text = Files.readString(file);
    String begin = "-----BEGIN " + heading + "-----";
    List<byte[]> blocks = new ArrayList<>();
    for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
      int end = text.indexOf("-----END " + heading + "-----", at);
      if (end < 0) {
        throw new GeneralSecurityException(file + " ends in the middle of a " + heading);
      }
      blocks.add(decoded(file, text.substring(at + begin.length(), end)));
    }
    return blocks;
  }

  private static byte[] decoded(Path file, String body) throws GeneralSecurityException {
    try {
      return Base64.getMimeDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /** A kind of key is asked for as {@code EC}, or with how it is used, as {@code EC_RSA}. */
  private boolean fits(String keyType, Principal[] issuers) {
    return keyType.split("_", 2)[0].equals(key.getAlgorithm()) && isOf(issuers);
  }

  private boolean isOf(Principal[] issuers) {
    return issuers == null
        || issuers.length == 0
        || chain.stream()
            .map(X509Certificate::getIssuerX500Principal)
            .anyMatch(Arrays.asList(issuers)::contains);
  }

  private String alias(Principal[] issuers, String... keyTypes) {
    return Arrays.stream(keyTypes).anyMatch(type -> fits(type, issuers)) ? ALIAS : null;
  }

  private String[] aliases(String keyType, Principal[] issuers) {
    return fits(keyType, issuers) ? new String[] {ALIAS} : null;
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return aliases(keyType, issuers);
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return alias(issuers, keyTypes);
  }

  @Override
  public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
    return alias(issuers, keyTypes);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return aliases(keyType, issuers);
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return alias(issuers, keyType);
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    return alias(issuers, keyType);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return ALIAS.equals(alias) ? chain.toArray(X509Certificate[]::new) : null;
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return ALIAS.equals(alias) ? key : null;
  }
}
