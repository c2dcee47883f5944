package dev.shiplog.api.access;

import dev.shiplog.topics.journal.UserInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.asn1.x500.X500Name;
import org.jboss.logging.Logger;

/**
 * Knows senders by a client certificate of one of its CAs: the common name is the user, the
 * organizations are the groups, and an attribute tells by which certificate. A session's
 * certificate is checked once; only its dates are looked at for each request, because a connection
 * may outlive its certificate.
 */
public final class ClientCertificates implements Authenticator {

  private static final Logger LOG = Logger.getLogger(ClientCertificates.class);
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USAGE = "2.5.29.37.0";

  private final Set<TrustAnchor> anchors;
  private final InstantSource clock;

  /** Identities are kept with their session under a name of this instance: it knows its own CAs. */
  private final String sessionKey = ClientCertificates.class.getName() + "@" + hashCode();

  public ClientCertificates(List<X509Certificate> authorities, InstantSource clock) {
    this.anchors =
        authorities.stream().map(ca -> new TrustAnchor(ca, null)).collect(Collectors.toSet());
    this.clock = clock;
  }

  /**
   * Trusts the CA certificates of a PEM file.
   *
   * @throws IOException if it cannot be read or holds none
   */
  public static ClientCertificates fromPem(Path file, InstantSource clock) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> authorities =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (authorities.isEmpty()) {
        throw new IOException(file + " holds no certificate");
      }
      return new ClientCertificates(authorities, clock);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is no PEM file of certificates: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<UserInfo> authenticate(Credentials credentials) {
    if (credentials.session().isEmpty()) {
      return Optional.empty();
    }
    SSLSession session = credentials.session().get();
    Identity identity = (Identity) session.getValue(sessionKey);
    if (identity == null) {
      identity = identify(session);
      session.putValue(sessionKey, identity);
    }
    Identity known = identity;
    return known.user().filter(user -> !clock.instant().isAfter(known.end()));
  }

  /** What a session's certificate says, and until when. */
  private record Identity(Optional<UserInfo> user, Instant end) {
    static final Identity NONE = new Identity(Optional.empty(), Instant.MIN);
  }

  private Identity identify(SSLSession session) {
    Certificate[] chain;
    try {
      chain = session.getPeerCertificates();
    } catch (SSLPeerUnverifiedException none) {
      return Identity.NONE;
    }
    X509Certificate leaf = (X509Certificate) chain[0];
    try {
      verify(chain, leaf);
      return new Identity(userOf(leaf), leaf.getNotAfter().toInstant());
    } catch (GeneralSecurityException e) {
      LOG.debugf("client certificate %s refused: %s", leaf.getSubjectX500Principal(), e);
      return Identity.NONE;
    }
  }

  private void verify(Certificate[] chain, X509Certificate leaf) throws GeneralSecurityException {
    PKIXParameters parameters = new PKIXParameters(anchors);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(clock.instant()));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(Arrays.asList(chain)),
            parameters);
    List<String> usages = leaf.getExtendedKeyUsage();
    if (usages != null && !usages.contains(CLIENT_AUTH) && !usages.contains(ANY_USAGE)) {
      throw new GeneralSecurityException("it is not meant for client authentication");
    }
  }

  private static Optional<UserInfo> userOf(X509Certificate leaf) throws GeneralSecurityException {
    X500Name subject = X500Name.getInstance(leaf.getSubjectX500Principal().getEncoded());
    Map<String, List<String>> extra = Map.of(Credentials.ID, List.of(idOf(leaf)));
    return SubjectNames.commonName(subject)
        .map(name -> new UserInfo(name, "", SubjectNames.organizations(subject), extra));
  }

  private static String idOf(X509Certificate leaf) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded());
    return "X509SHA256=" + HexFormat.of().formatHex(hash);
  }
}
