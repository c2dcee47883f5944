package dev.shiplog.standalone.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What a client needs of TLS, from PEM texts. */
public final class ClientTls {

  private static final char[] NO_PASSWORD = new char[0];

  private ClientTls() {}

  /**
   * A context that trusts one authority.
   *
   * @param certificate the client's own; null where it says otherwise who it is
   * @param key its key; null likewise
   * @throws GeneralSecurityException if one of them is damaged
   */
  public static SSLContext context(byte[] authority, byte[] certificate, byte[] key)
      throws GeneralSecurityException {
    try {
      KeyStore trusted = empty();
      trusted.setCertificateEntry("ca", certificate(authority));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          certificate == null || key == null ? null : keys(certificate, key),
          trust.getTrustManagers(),
          null);
      return context;
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static KeyManager[] keys(byte[] certificate, byte[] key)
      throws GeneralSecurityException, IOException {
    PrivateKey own = Pem.privateKey(new String(key, StandardCharsets.UTF_8));
    KeyStore store = empty();
    store.setKeyEntry("own", own, NO_PASSWORD, new Certificate[] {certificate(certificate)});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    return keys.getKeyManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static Certificate certificate(byte[] pem) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem));
  }
}
